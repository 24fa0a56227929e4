import "~/page/arrival";
import { data, type HeadersFunction, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useEffect } from "react";
import { ButtonLink } from "~/components/ui/button";
import { Page, PageHeader } from "~/components/ui/page";
import { TextLink } from "~/components/ui/text-link";
import { registeredTexts } from "~/features/registration/registered-texts";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { afterAddress } from "~server/forms/after";
import { wordsIn } from "~server/forms/questions";
import { requestLocale } from "~server/http/request-locale";

/**
 * After a registration by a form whose owner leads people elsewhere than to their account: to a text, or by way of this
 * page to an address. The visitor names no more than the form.
 */
export function loader({ request, context }: LoaderFunctionArgs) {
  const slug = new URL(request.url).searchParams.get("form");
  const { forms } = context.services;
  const form = slug === null ? forms.first() : forms.bySlug(slug);
  if (!form) throw data(null, { status: 404 });
  const { after } = form.definition;
  const address = afterAddress(after);
  if (address) return data({ text: "", address }, { headers: { Refresh: `1; url=${address}` } });
  if (after.kind !== "text") return redirect("/account");
  return { text: wordsIn(after.text, requestLocale(request)), address: null };
}

/** Remix drops a loader's header from a page unless told. */
export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export const meta = pageMeta(registeredTexts, (m) => ({ title: m.title }));

export default function Registered() {
  const m = useTexts(registeredTexts);
  const { text, address } = useLoaderData<typeof loader>();
  // Where the page is not loaded whole, its Refresh header is not read.
  useEffect(() => {
    if (address) window.location.replace(address);
  }, [address]);
  return (
    <Page width="form">
      <PageHeader title={m.title} />
      {address ? (
        <p className="wrap-anywhere">
          {m.leading} <TextLink to={address}>{new URL(address).host}</TextLink>
        </p>
      ) : (
        <p className="whitespace-pre-line wrap-anywhere">{text}</p>
      )}
      <p>
        <ButtonLink to="/account">{m.account}</ButtonLink>
      </p>
    </Page>
  );
}
