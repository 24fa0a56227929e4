import { texts } from "~/i18n/locale";
import type { ViewList, ViewProblem } from "~server/saved-views/saved-views";
import { maxViews } from "~server/saved-views/view-limits";
import { maxViewName } from "~server/saved-views/view-name";

/** What became of the last form about a view. */
export type ViewDone = "saved" | "changed" | "removed" | "default" | "noDefault" | "gone";

interface ViewsTexts {
  title: string;
  whole: Record<ViewList, string>;
  shared: string;
  isDefault: string;
  save: string;
  name: string;
  nameHint: string;
  share: string;
  shareHint: string;
  submit: string;
  manage: string;
  view: (name: string) => string;
  /** Of a view that another administrator has made. */
  ofAll: string;
  change: string;
  makeDefault: string;
  dropDefault: string;
  remove: string;
  of: (name: string) => string;
  done: Record<ViewDone, string>;
  problems: Record<ViewProblem, string>;
  stale: (name: string, filters: string) => string;
}

/** Filters of a list by names of the administrators' own. */
export const viewsTexts = texts<ViewsTexts>(
  {
    title: "Saved views",
    whole: { users: "All people", audit: "All changes" },
    shared: "shared",
    isDefault: "default",
    save: "Save view",
    name: "Name of the view",
    nameHint: `Up to ${maxViewName} characters.`,
    share: "Share with all administrators",
    shareHint: "They can also rename and delete it.",
    submit: "Save",
    manage: "Edit views",
    view: (name) => `View “${name}”`,
    ofAll: "Shared by another administrator.",
    change: "Save changes",
    makeDefault: "Set as default",
    dropDefault: "Remove as default",
    remove: "Delete",
    of: (name) => `: ${name}`,
    done: {
      saved: "The view is saved.",
      changed: "The view is changed.",
      removed: "The view is deleted.",
      default: "The list now opens with this view.",
      noDefault: "The list now opens without a view.",
      gone: "This view no longer exists. Another administrator may have deleted it.",
    },
    problems: {
      blank: "Enter a name.",
      long: `The name is too long: at most ${maxViewName} characters.`,
      unfit: "The name has characters that cannot be shown. Type it again.",
      taken: "There is already a view with this name. Choose another name.",
      many: `There are already ${maxViews} such views. Delete one that is not needed.`,
      none: "No filter is set. Set one, then save the view.",
    },
    stale: (name, filters) =>
      `The view “${name}” uses filters that no longer exist: ${filters}. The list is shown without them.`,
  },
  {
    title: "Сохранённые фильтры",
    whole: { users: "Все люди", audit: "Все изменения" },
    shared: "общий",
    isDefault: "по умолчанию",
    save: "Сохранить фильтр",
    name: "Название фильтра",
    nameHint: `Не больше ${maxViewName} символов.`,
    share: "Показывать всем администраторам",
    shareHint: "Они смогут его переименовать и удалить.",
    submit: "Сохранить",
    manage: "Управлять фильтрами",
    view: (name) => `Фильтр «${name}»`,
    ofAll: "Общий фильтр другого администратора.",
    change: "Сохранить изменения",
    makeDefault: "Сделать фильтром по умолчанию",
    dropDefault: "Не открывать по умолчанию",
    remove: "Удалить",
    of: (name) => `: ${name}`,
    done: {
      saved: "Фильтр сохранён.",
      changed: "Фильтр изменён.",
      removed: "Фильтр удалён.",
      default: "Теперь список открывается с этим фильтром.",
      noDefault: "Теперь список открывается без фильтра.",
      gone: "Этого фильтра больше нет. Возможно, его удалил другой администратор.",
    },
    problems: {
      blank: "Введите название.",
      long: `Слишком длинное название: не больше ${maxViewName} символов.`,
      unfit: "В названии есть символы, которые нельзя показать. Введите его заново.",
      taken: "Фильтр с таким названием уже есть. Выберите другое.",
      many: `Таких фильтров уже ${maxViews}. Удалите ненужный.`,
      none: "Не задано ни одного условия. Сначала задайте его, потом сохраните фильтр.",
    },
    stale: (name, filters) =>
      `В фильтре «${name}» есть условия, которых больше нет: ${filters}. Список показан без них.`,
  },
);
