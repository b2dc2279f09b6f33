/**
 * What to say to a person for each code of an `application/problem+json` answer (RFC 9457): what is wrong, and what to
 * do. The codes are those of `ProblemCode` in the server and of `docs/errors.md`. These are the sentences in English;
 * every other language has its own under `problems`.
 */
export const problems = {
  "bad-request": "The server didn't understand this request. Load the page again, then try once more.",
  "malformed-json": "The server couldn't read what the page sent. Load the page again, then try once more.",
  "malformed-multipart": "The server couldn't read the form. Load the page again, then send the file once more.",
  "upload-incomplete": "The connection broke before the whole file had arrived. Send it again.",
  "session-required": "Your session has ended, or it never started. Go to the start.",
  "cross-site-request": "The request seemed to come from another site. Open Lightbox in its own tab and try again.",
  "not-found": "This isn't here, or it doesn't belong to your session.",
  "method-not-allowed": "The page asked for something that the server doesn't do. Load the page again.",
  "analysis-finished": "The analysis has ended already, so it can't be cancelled.",
  "analysis-not-retryable": "This analysis can't be tried again. Start a new one.",
  "analysis-not-completed": "A report can be made once the analysis is complete.",
  "picture-mismatch":
    "The history and the file of the picture differ. Check that it is the right picture, then confirm the differences.",
  "operator-token-required": "Only the operator of this server can do this. It needs the operator's token.",
  "too-many-uploads": "Your session holds as many pictures as it may. Remove one, then try again.",
  "payload-too-large": "The file is larger than this server takes. Choose a smaller one.",
  "unsupported-media-type": "This kind of file isn't taken here. Choose a PNG, JPEG, WebP, TIFF or DICOM file.",
  "range-not-satisfiable": "That part of the document doesn't exist. Download it again from the beginning.",
  "intake-changed": "The history was changed in another tab or window.",
  "validation-failed": "Some answers need your attention. They are marked below.",
  "consent-required": "Read the text and agree to it first.",
  "empty-file": "The file is empty. Choose another one.",
  "unsupported-format": "This file isn't a picture that can be read here. Choose a PNG, JPEG, WebP, TIFF or DICOM file.",
  "damaged-picture": "The picture is damaged or cut off. Export or copy it again.",
  "picture-too-large": "The picture has too many pixels. Export it in a smaller size.",
  "picture-too-small": "The picture has too few pixels to be read. Choose the original file.",
  "no-pixels": "The file has no picture in it. Choose another file of the study.",
  "unsupported-transfer-syntax": "The picture is compressed in a way that can't be read here. Export it uncompressed, or as JPEG.",
  "colour-not-supported": "This DICOM file is in colour. X-ray pictures are grey: choose the original one.",
  "picture-quarantined": "Reading this file stopped the reader twice, so it wasn't kept. Export it again.",
  internal: "Something went wrong on the server. Try again. If it stays, give the reference to the operator.",
  "report-failed": "The report could not be made. The result is still there: try again.",
  "queue-full": "Too many analyses are waiting now. Your picture is kept: try again in a moment.",
  "engine-unavailable": "The part that reads pictures isn't ready. Try again in a moment.",
  "storage-busy": "The storage is busy, and nothing was changed. Try again in a moment.",
  "shutting-down": "The server is being restarted. Try again in a moment.",
  "storage-full": "The server's storage is full, and nothing was changed. Tell the operator.",
};

export type ProblemCode = keyof typeof problems;
