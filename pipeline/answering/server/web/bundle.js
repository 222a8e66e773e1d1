// A packed run, as model/export/html.py wrote it: header and weights, compressed.

import { Network } from "./network.js";
import { makeTokenizer } from "./tokenizer.js";

/** { network, tokenizer, header } of a compressed bundle (Uint8Array). */
export async function unpack(compressed) {
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const whole = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(whole.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length)));
  const data = whole.subarray(4 + length);
  const weights = new Map();
  for (const entry of header.weights) {
    weights.set(entry.name, unpackWeight(entry, data.subarray(entry.at)));
  }
  return {
    network: new Network(header.config, weights),
    tokenizer: makeTokenizer(header.tokenizer),
    header,
  };
}

function floats(bytes, count) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
}

/** (high * 2**(bits - 8) + low) * scale of the row; vectors are float32 as they stand. */
function unpackWeight({ shape, bits }, bytes) {
  const [rows, columns] = shape;
  if (bits === 32) return floats(bytes, rows);
  const scales = floats(bytes, rows);
  const count = rows * columns;
  const high = new Int8Array(bytes.buffer, bytes.byteOffset + 4 * rows, count);
  const low = bytes.subarray(4 * rows + count);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let value = high[i];
    if (bits === 12) value = value * 16 + ((low[i >> 1] >> (4 * (i & 1))) & 15);
    if (bits === 16) value = value * 256 + low[i];
    values[i] = value * scales[Math.floor(i / columns)];
  }
  return values;
}
