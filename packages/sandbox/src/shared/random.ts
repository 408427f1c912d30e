// Seeded randomness: the same seed gives the same ids and the same misfortunes. Never used for anything secret.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** `length` characters of [0-9A-Za-z], the alphabet of most vendors' ids. */
  text(length: number): string;
}

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** sfc32 (Chris Doty-Humphrey, PractRand): small, fast, and good enough that 14 characters do not collide here. */
export function seededRandom(seed: number, stream: number): Random {
  let a = seed >>> 0;
  let b = Math.floor(seed / 0x1_0000_0000) >>> 0;
  let c = (stream ^ 0x9e37_79b9) >>> 0;
  let counter = 1;
  const bits = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i += 1) bits();
  return {
    next: () => bits() / 0x1_0000_0000,
    text(length) {
      let out = "";
      while (out.length < length) {
        // Five characters out of one draw: 62^5 < 2^32, and the bias of the modulo does not matter to an id.
        let draw = bits();
        for (let i = 0; i < 5 && out.length < length; i += 1) {
          out += ALPHABET[draw % 62];
          draw = Math.floor(draw / 62);
        }
      }
      return out;
    },
  };
}
