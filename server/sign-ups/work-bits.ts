/** Leading zero bits that the hash needs: some 60,000 tries, which a browser makes while a person fills the form in. */
export const workBits = 16;
