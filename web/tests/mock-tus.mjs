// The mock server's resumable uploads (tus 1.0.0): in memory, nothing is ever thrown away but by DELETE.
const receptions = new Map();
const metadata = (header = "") => Object.fromEntries(header.split(",").map((pair) => pair.split(" ")).map(([key, value = ""]) => [key, Buffer.from(value, "base64").toString()]));

export function forgetReceptions() {
  receptions.clear();
}

/**
 * Answers what is asked of `/uploads/tus`. Returns false for every other path.
 *
 * @param keep makes pictures of a whole file: `keep(fileName, bytes)` gives `{uploads, refused, problem}`.
 */
export function tus({ request, path, bytes, respond, problem, id, after, keep }) {
  if (path !== "/uploads/tus" && !path.startsWith("/uploads/tus/")) return false;
  const { method, headers } = request;
  const told = ({ fileName, length, offset, uploads, refused, problem, state, id, expiresAt }) => ({ id, fileName, offset, length, expiresAt, state, uploads, refused, problem });
  const take = (reception) => {
    reception.parts.push(bytes);
    reception.offset += bytes.length;
    if (reception.offset === reception.length) {
      Object.assign(reception, keep(reception.fileName, Buffer.concat(reception.parts)));
      reception.state = reception.uploads.length > 0 ? "kept" : "refused";
    }
  };
  if (path === "/uploads/tus") {
    if (method === "GET") return respond(200, {}, { receptions: [...receptions.values()].filter(({ state }) => state === "receiving").map(told) }), true;
    const length = Number(headers["upload-length"]);
    const reception = { id: id("reception"), fileName: metadata(headers["upload-metadata"]).filename, length, offset: 0, parts: [], state: "receiving", uploads: [], refused: [], expiresAt: after(86400) };
    receptions.set(reception.id, reception);
    if (bytes.length > 0) take(reception);
    return respond(201, { Location: `/api/v1/uploads/tus/${reception.id}`, "Upload-Offset": reception.offset, "Tus-Resumable": "1.0.0" }), true;
  }
  const reception = receptions.get(path.split("/")[3]);
  if (!reception) return problem(404, "not-found"), true;
  if (method === "GET") return respond(200, {}, told(reception)), true;
  if (method === "DELETE") return receptions.delete(reception.id), respond(204, {}), true;
  if (method === "HEAD") return respond(200, { "Upload-Offset": reception.offset, "Upload-Length": reception.length }), true;
  if (Number(headers["upload-offset"]) !== reception.offset) return problem(409, "not-found"), true;
  take(reception);
  if (reception.problem) return problem(422, reception.problem.code), true;
  return respond(204, { "Upload-Offset": reception.offset }), true;
}
