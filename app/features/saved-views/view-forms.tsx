import { Button } from "~/components/ui/button";
import { CheckboxField, Field } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import type { RefusedView } from "~/features/saved-views/actions.server";
import { viewsTexts } from "~/features/saved-views/texts";
import { useTexts } from "~/i18n/locale";
import type { SavedView } from "~server/saved-views/saved-views";
import { maxViewName } from "~server/saved-views/view-name";

/** Gives the filter that is set a name. */
export function SaveForm({ refused }: { refused: RefusedView | null }) {
  const m = useTexts(viewsTexts);
  return (
    <PostForm className="grid gap-3">
      <input type="hidden" name="intent" value="save" />
      <NameField refused={refused} />
      <ShareBox isShared={refused?.isShared ?? false} />
      <p>
        <Button type="submit" size="sm">
          {m.submit}
        </Button>
      </p>
    </PostForm>
  );
}

interface ViewFormProps {
  view: SavedView;
  /** Null: the page's own address. */
  sendTo: string | null;
  refused: RefusedView | null;
}

/** What can be done with a view. The first button is that of the Enter key. */
export function ViewForm({ view, sendTo, refused }: ViewFormProps) {
  const m = useTexts(viewsTexts);
  const act = (intent: string, label: string) => (
    <Button type="submit" look="secondary" size="sm" name="intent" value={intent} aria-label={label + m.of(view.name)}>
      {label}
    </Button>
  );
  return (
    <PostForm {...(sendTo === null ? {} : { action: sendTo })} aria-label={m.view(view.name)} className="grid gap-3">
      <input type="hidden" name="view" value={view.id} />
      <input type="hidden" name="shownName" value={view.name} />
      <input type="hidden" name="shownShared" value={String(view.isShared)} />
      <NameField refused={refused} name={view.name} />
      {view.isOwn ? (
        <ShareBox isShared={refused?.isShared ?? view.isShared} />
      ) : (
        <p className="text-sm text-ink-soft">{m.ofAll}</p>
      )}
      <div className="flex flex-wrap gap-2">
        {act("change", m.change)}
        {view.isDefault ? act("noDefault", m.dropDefault) : act("default", m.makeDefault)}
        {act("remove", m.remove)}
      </div>
    </PostForm>
  );
}

function ShareBox({ isShared }: { isShared: boolean }) {
  const m = useTexts(viewsTexts);
  return (
    <CheckboxField label={m.share} name="share" defaultChecked={isShared}>
      <p className="text-xs text-ink-soft">{m.shareHint}</p>
    </CheckboxField>
  );
}

function NameField({ refused, name }: { refused: RefusedView | null; name?: string }) {
  const m = useTexts(viewsTexts);
  return (
    <Field
      label={m.name}
      hint={m.nameHint}
      name="name"
      // Counted in UTF-16 units here and in characters by the server, so a name of emoji is not cut.
      maxLength={2 * maxViewName}
      autoComplete="off"
      defaultValue={refused?.name ?? name}
      said={refused ? m.problems[refused.problem] : undefined}
    />
  );
}
