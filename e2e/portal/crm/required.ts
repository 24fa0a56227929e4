import type { World } from "../world";
import { type EntityName, type Field, fieldTitle } from "./fields";
import { type MultiFieldEdit, type MultiFieldType, multiFieldTypes } from "./multi-fields";
import type { Changes, FieldValue } from "./records";
import { stagesOf } from "./stages";
import { titleOf } from "./titles";

/** Columns of which the portal fills a new record in by itself, so that leaving them out is no fault. */
const filledIn = new Set(["title", "stageId", "categoryId", "currencyId", "assignedById", "begindate", "closedate"]);

/** The portal takes even its own required flag for filled, since it has a value for everybody. */
const alwaysMarked = new Set(["opened"]);

/** Whether the administrator wants the field filled, by card, by user field or by the portal itself. */
export function isRequired(world: World, entity: EntityName, field: Field): boolean {
  const { required } = world.settings;
  const named = required[entity].some((name) => name === field.name || name === field.upper);
  return named || field.own?.required === true || alwaysMarked.has(field.name);
}

export function isKindRequired(world: World, entity: EntityName, typeId: MultiFieldType): boolean {
  return world.settings.required[entity].some((name) => name.toUpperCase() === typeId);
}

/** What a record will hold, were it saved. */
export interface Filling {
  /** Still to be made: the portal fills some columns in by itself. */
  creating: boolean;
  values: Changes;
  /** Phones, e-mails and the like. */
  fm: readonly Pick<MultiFieldEdit, "typeId" | "value">[];
}

/** The title of the first mandatory field that would stay empty. The portal reports one at a time. */
export function missingField(world: World, entity: EntityName, { creating, values, fm }: Filling): string | undefined {
  const { language } = world.settings;
  const late = entity === "deal" ? demandedAtStage(world, creating, values) : [];
  for (const field of world.fields(entity).all) {
    const wanted = isRequired(world, entity, field) || late.includes(field.name) || late.includes(field.upper);
    if (!wanted || (creating && filledIn.has(field.name))) continue;
    if (field.own && world.settings.switches.ownRequired === "ignored") continue;
    if (isEmpty(values[field.name])) return fieldTitle(field, language);
  }
  const missing = multiFieldTypes.find(
    (typeId) => isKindRequired(world, entity, typeId) && !fm.some((one) => one.typeId === typeId && one.value !== ""),
  );
  return missing && titleOf(missing, language);
}

/**
 * What a deal needs in its stage: what that demands and, on the way to success, all stages before it. A failure demands its own
 * alone. A new deal without a stage begins in the funnel's first one.
 */
function demandedAtStage(world: World, creating: boolean, { categoryId, stageId }: Changes): string[] {
  const { funnels, requiredAtStage } = world.settings;
  const stages = stagesOf(funnels, Number(categoryId));
  const stage = stages.find(({ statusId }) => statusId === stageId) ?? (creating && !stageId ? stages[0] : undefined);
  if (!stage || stage.semantics === "F") return requiredAtStage[stage?.statusId ?? String(stageId)] ?? [];
  const passed = stages.slice(0, stages.indexOf(stage) + 1).filter(({ semantics }) => semantics !== "F");
  return passed.flatMap(({ statusId }) => requiredAtStage[statusId] ?? []);
}

/** Nought is a number like any other. */
function isEmpty(value: FieldValue | undefined): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
