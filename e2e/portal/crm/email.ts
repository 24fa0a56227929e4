const plausible = /^[^\s@]+@[^\s@]+$/;
const atoms = /^[a-z0-9_+=~'!$&*^`|#%/?{}-]+(\.[a-z0-9_+=~'!$&*^`|#%/?{}-]+)*$/i;
const domain = /^([a-z0-9-]+\.)+[a-z0-9-]{2,20}$/i;

/** What the older methods refuse in any case. */
export function isPlausible(address: string): boolean {
  return plausible.test(address);
}

/** The portal's stricter rule: Latin letters only, on both sides of the sign, and a last part of 2 to 20 of them. */
export function isStrict(address: string): boolean {
  const sign = address.lastIndexOf("@");
  return (
    sign > 0 && address.length <= 255 && atoms.test(address.slice(0, sign)) && domain.test(address.slice(sign + 1))
  );
}
