// The upload with Node's own HTTP server and busboy: the part streams to a file while it is hashed.
//
//     FOLDER=... node busboy.js PORT
"use strict";

const busboy = require("busboy");
const { createHash, randomUUID } = require("node:crypto");
const { createWriteStream } = require("node:fs");
const { open, rm } = require("node:fs/promises");
const http = require("node:http");
const path = require("node:path");
const { Transform } = require("node:stream");
const { pipeline } = require("node:stream/promises");

const folder = process.env.FOLDER;

async function keep(stream) {
  const name = path.join(folder, randomUUID());
  const hash = createHash("sha256");
  let bytes = 0;
  const hashing = new Transform({
    transform(piece, _, done) {
      hash.update(piece);
      bytes += piece.length;
      done(null, piece);
    },
  });
  try {
    await pipeline(stream, hashing, createWriteStream(name, { flags: "wx" }));
    const file = await open(name, "r+");
    await file.sync().finally(() => file.close());
  } catch (error) {
    await rm(name, { force: true });
    throw error;
  }
  return { bytes, sha256: hash.digest("hex") };
}

function receive(request) {
  return new Promise((resolve, reject) => {
    let kept = null;
    const form = busboy({ headers: request.headers, limits: { files: 1 } });
    form.on("file", (name, stream) => {
      if (name === "file") kept = keep(stream);
      else stream.resume();
      kept?.catch(reject);
    });
    form.on("error", reject);
    form.on("close", () => resolve(kept));
    pipeline(request, form).catch(reject);
  });
}

const server = http.createServer(async (request, response) => {
  let status = 201;
  let body;
  try {
    body = await receive(request);
    if (body === null) status = 422;
  } catch (error) {
    status = 400;
    body = { error: String(error) };
    request.resume();
  }
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
});

server.listen(Number(process.argv[2]), "127.0.0.1");
