/** Of an uploaded picture. In a file of its own, so that the browser can check before it uploads. */
export const maxPictureBytes = 500_000;
/** Pixels a side. */
export const maxPictureSide = 2_000;
/** An upload up to here is read, so that the page itself can say that the picture is too large. */
export const maxPictureUpload = 5 * 1024 * 1024;

/** In pixels. */
export interface Size {
  width: number;
  height: number;
}
