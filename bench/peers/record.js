// A picture's row as JSON with Express, for whoever holds the cookie of its session.
//
//     DATABASE=... PROCESSES=N node record.js PORT
//
// One process for each core (node:cluster), each with one connection and its prepared statements (node:sqlite, which
// answers without a way through a thread). No ETag: the others give none.
'use strict';

const cluster = require('node:cluster');
const { createHash } = require('node:crypto');
const { DatabaseSync } = require('node:sqlite');
const cookie = require('cookie');
const express = require('express');

const IDLE = 1800;
const ABSOLUTE = 86400;

function serve() {
  const database = new DatabaseSync(process.env.DATABASE);
  database.exec('PRAGMA journal_mode = WAL');
  const session = database.prepare(
    'SELECT id, created_at, last_seen_at FROM sessions WHERE token_hash = ? AND revoked_at IS NULL');
  const upload = database.prepare(
    'SELECT id, file_name, bytes, sha256, inspection, burned_in, created_at FROM uploads WHERE id = ? AND session_id = ?');
  const app = express();
  app.set('etag', false);
  app.disable('x-powered-by');
  app.use('/api/v1', (request, response, next) => {
    const token = cookie.parse(request.headers.cookie ?? '').lightbox;
    if (token?.length !== 43) return response.sendStatus(401);
    const found = session.get(createHash('sha256').update(token).digest());
    const now = Date.now() / 1000;
    if (!found || now >= found.created_at + ABSOLUTE || now >= found.last_seen_at + IDLE) return response.sendStatus(401);
    request.session = found.id;
    next();
  });
  app.get('/api/v1/uploads/:upload', (request, response) => {
    const found = upload.get(request.params.upload, request.session);
    if (!found) return response.sendStatus(404);
    const address = `/api/v1/uploads/${found.id}`;
    response.json({
      id: found.id,
      fileName: found.file_name,
      bytes: found.bytes,
      sha256: found.sha256,
      ...JSON.parse(found.inspection),
      burnedInText: JSON.parse(found.burned_in),
      createdAt: new Date(found.created_at * 1000).toISOString().replace(/\.\d+/, ''),
      preview: `${address}/preview`,
      samples: `${address}/samples`,
      file: `${address}/file`,
      identity: { rows: [], confirmed: [] },
    });
  });
  app.listen(Number(process.argv[2]), '127.0.0.1');
}

if (cluster.isPrimary) {
  for (let number = 0; number < Number(process.env.PROCESSES); number += 1) cluster.fork();
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.kill();
    process.exit(0);
  });
} else {
  serve();
}
