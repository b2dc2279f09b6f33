// Pictures for the mock server: drawn, so that nobody's X-ray is needed for looking at a page.
import { crc32 as zlibCrc, deflateSync } from "node:zlib";

const table = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc(bytes) {
  if (zlibCrc) return zlibCrc(bytes);
  let c = 0xffffffff;
  for (const byte of bytes) c = table[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

/** An RGBA PNG of what `pixel(x, y)` gives for x and y from 0 to 1. */
function png(width, height, pixel) {
  const rows = Buffer.alloc(height * (1 + width * 4));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const values = pixel(x / width, y / height);
      rows.set(values.map((v) => Math.max(0, Math.min(255, Math.round(v)))), y * (1 + width * 4) + 1 + x * 4);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

const bump = (x, y, cx, cy, rx, ry) => Math.exp(-(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2) * 1.6);

/** Two dark lungs, a heart, ribs: enough to look at a page. */
export function film() {
  return png(480, 480, (x, y) => {
    let grey = 60 + 120 * bump(x, y, 0.5, 0.6, 0.55, 0.7);
    grey -= 130 * bump(x, y, 0.3, 0.47, 0.17, 0.33) + 130 * bump(x, y, 0.7, 0.47, 0.17, 0.33);
    grey += 70 * bump(x, y, 0.54, 0.66, 0.13, 0.16) + 60 * bump(x, y, 0.5, 0.4, 0.05, 0.5);
    grey += 10 * Math.sin(y * 60 + Math.abs(x - 0.5) * 14);
    return [grey, grey, grey, 255];
  });
}

/** Warm colours around one place, transparent elsewhere. */
export function heat(cx, cy) {
  return png(384, 384, (x, y) => {
    const v = bump(x, y, cx, cy, 0.16, 0.14);
    return v < 0.15 ? [0, 0, 0, 0] : [255 * Math.min(1, v * 2), 255 * v * v, 60 * (1 - v), 255 * Math.min(1, v * 1.3)];
  });
}
