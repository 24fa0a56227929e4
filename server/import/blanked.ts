/**
 * What stands in a stored list in place of an erased person's details: the line is refused, since it has no e-mail, and the
 * other lines keep their positions.
 */
export const blanked = "x";

export const isBlanked = (cells: readonly string[]): boolean =>
  cells.includes(blanked) && cells.every((cell) => cell === "" || cell === blanked);
