/** What each of the 256 bytes stands for in an encoding of one byte for each letter. */
export function alphabetOf(encoding: string): string[] {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  // As a stream: all at once Node 20 takes windows-1252 for Latin-1, which has no letters and quotes from 0x80 to 0x9F.
  return [...new TextDecoder(encoding).decode(bytes, { stream: true })];
}
