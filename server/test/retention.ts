import { Retention } from "../privacy/retention";

/** A whole run of the retention, whose periods hold. */
export async function applyRetention(deps: ConstructorParameters<typeof Retention>[0]): Promise<void> {
  const retention = new Retention(deps, async () => null);
  retention.begin();
  while (await retention.step());
}
