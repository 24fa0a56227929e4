import { EmptyState } from "~/components/ui/empty-state";
import { TextLink } from "~/components/ui/text-link";
import { texts, useTexts } from "~/i18n/locale";

const words = texts(
  { title: "This page is empty", text: "The list has changed. Go to the first page.", first: "First page" },
  {
    title: "На этой странице пусто",
    text: "Список изменился. Перейдите на первую страницу.",
    first: "На первую страницу",
  },
);

/** For a further page of a list that has become shorter meanwhile: that it is empty says nothing about the list. */
export function PageGone({ first }: { first: string }) {
  const m = useTexts(words);
  return (
    <EmptyState title={m.title} isAnswer>
      <p>{m.text}</p>
      <TextLink to={first}>{m.first}</TextLink>
    </EmptyState>
  );
}
