import type { Logo } from "~server/platform/logo";

/** The owner's logo. With its size, so that nothing on the page moves when it has loaded. */
export function SiteLogo({ logo: { src, width, height }, name }: { logo: Logo; name: string }) {
  return (
    <img
      src={src}
      width={width}
      height={height}
      alt={name}
      className="logo h-9 w-auto max-w-48 object-contain object-left"
    />
  );
}
