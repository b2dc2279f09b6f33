import { address, answered, parse } from "../../shared/http";
import { Problem, problemOf } from "../../shared/problem";
import type { Upload } from "../../shared/api/uploads";

export interface Sending {
  done: Promise<Upload>;
  /** Ends it; `done` then fails with an `AbortError`. */
  cancel: () => void;
}

/**
 * `POST /uploads`: sends the file as it is. By XMLHttpRequest, because `fetch` can't tell how much was sent.
 *
 * @param onProgress gets the number of bytes sent so far.
 */
export function sendFile(file: File, mediaType: string, onProgress: (sent: number) => void): Sending {
  const xhr = new XMLHttpRequest();
  const path = "/uploads";
  const done = new Promise<Upload>((resolve, reject) => {
    xhr.open("POST", address(path));
    xhr.setRequestHeader("Accept", "application/json, application/problem+json");
    xhr.setRequestHeader("Content-Type", mediaType);
    xhr.setRequestHeader("Content-Disposition", `attachment; filename*=UTF-8''${encoded(file.name)}`);
    xhr.upload.onprogress = (event) => onProgress(event.loaded);
    xhr.onload = () => {
      const requestId = xhr.getResponseHeader("X-Request-Id");
      answered({ method: "POST", path, status: xhr.status, requestId });
      try {
        if (xhr.status < 200 || xhr.status > 299) throw problemOf(xhr.status, xhr.responseText, requestId);
        resolve(parse<Upload>(xhr.responseText, xhr.status, requestId));
      } catch (error) {
        reject(error);
      }
    };
    xhr.onerror = () => reject(new Problem("network"));
    xhr.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    xhr.send(file);
  });
  return { done, cancel: () => xhr.abort() };
}

/** A name as RFC 8187 wants it in a header. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
