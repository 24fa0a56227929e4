/** First and last name as pages, mails and the deal's title show them. */
export const fullName = ({
  firstName,
  lastName,
}: {
  firstName: string;
  lastName?: string | null | undefined;
}): string => [firstName, lastName].filter(Boolean).join(" ");
