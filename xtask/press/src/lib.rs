//! Presses files into few bytes and spreads them again: for the one file that holds the whole sandbox.
//!
//! Each bit is foretold from what came before it, by many small models whose word is weighted by how right they were
//! lately, and an arithmetic coder writes only the surprise. The models know what WebAssembly looks like: which byte is
//! an instruction, which a local, a constant or a function. That takes a quarter off what LZMA makes of our modules.
//! A byte is told by as many questions as its place needs (alphabet.rs). Pressing and spreading do the same work, a few
//! microseconds a byte.
//!
//! Both sides must calculate exactly the same: all floats are sums, products and quotients, in a fixed order.

mod alphabet;
mod coder;
mod correction;
mod history;
mod matches;
mod mixer;
mod model;
mod reader;

use wasm_bindgen::prelude::wasm_bindgen;

use alphabet::{WEIGHT_BITS, Weights, weight};
use coder::{Chance, Decoder, Encoder};
use model::{ALPHABETS, Model, alphabet};
use reader::Reader;

/// Presses `bytes`, which are files of the sizes `sizes` one after another. The sum of the sizes is their number.
#[cfg_attr(feature = "press", wasm_bindgen)]
pub fn press(bytes: &[u8], sizes: &[u32]) -> Vec<u8> {
    let mut encoder = Encoder::default();
    let weights = weights_of(bytes, sizes);
    let mut told = Telling::default();
    for weights in &weights {
        for (weight, before) in in_order(weights) {
            told.tell(before, |place, chance| {
                let bit = weight >> place & 1 == 1;
                encoder.write(bit, chance);
                bit
            });
        }
    }
    let mut model = Model::new(&weights);
    let mut rest = bytes;
    for size in sizes {
        let (file, after) = rest.split_at(*size as usize);
        rest = after;
        model.begin_file();
        for byte in file {
            let path = model.path(*byte);
            for place in (0..path.length).rev() {
                let bit = path.bits >> place & 1 == 1;
                encoder.write(bit, model.foretell());
                model.learn(bit);
            }
        }
    }
    assert!(rest.is_empty(), "the sizes must add up to the bytes");
    encoder.finish()
}

/// How often each byte comes in each alphabet.
fn weights_of(bytes: &[u8], sizes: &[u32]) -> Vec<Weights> {
    let mut counts = vec![[0_u32; 256]; ALPHABETS];
    let mut reader = Reader::new();
    let mut rest = bytes;
    for size in sizes {
        let (file, after) = rest.split_at(*size as usize);
        rest = after;
        reader.begin_file();
        for byte in file {
            counts[alphabet(&reader)][usize::from(*byte)] += 1;
            reader.take(*byte);
        }
    }
    counts.into_iter().map(|counts| counts.map(weight)).collect()
}

/// Each weight with the one before it.
fn in_order(weights: &Weights) -> impl Iterator<Item = (u8, u8)> {
    weights.iter().copied().zip(std::iter::once(0).chain(weights.iter().copied()))
}

/// How weights are told, before all files: each bit of one is foretold from those of it that came, and the weight before.
struct Telling(Vec<u16>);

impl Default for Telling {
    fn default() -> Telling {
        Telling(vec![1 << 15; 1 << (2 * WEIGHT_BITS)])
    }
}

impl Telling {
    /// `bit` gets each bit's place and chance and gives the bit. Returns the weight.
    fn tell(&mut self, before: u8, mut bit: impl FnMut(u32, Chance) -> bool) -> u8 {
        let mut begun = 1_usize;
        for place in (0..WEIGHT_BITS).rev() {
            let chance = &mut self.0[usize::from(before) << WEIGHT_BITS | begun];
            let bit = bit(place, Chance::new(f32::from(*chance) / 65_536.0));
            if bit {
                *chance += (u16::MAX - *chance) >> 4;
            } else {
                *chance -= *chance >> 4;
            }
            begun = begun << 1 | usize::from(bit);
        }
        (begun & ((1 << WEIGHT_BITS) - 1)) as u8
    }
}

/// Spreads what `press` wrote, as far as it is asked to: whoever waits for the first file need not wait for the last.
#[wasm_bindgen]
pub struct Spreader {
    model: Model,
    decoder: Decoder,
    sizes: Vec<u32>,
    /// Files that are whole.
    n_whole: usize,
    /// The file that comes, as far as it has come.
    file: Vec<u8>,
    whole: Vec<Vec<u8>>,
}

#[wasm_bindgen]
impl Spreader {
    /// `packed` is what `press` gave for files of these sizes.
    #[wasm_bindgen(constructor)]
    pub fn new(packed: Vec<u8>, sizes: Vec<u32>) -> Spreader {
        let mut decoder = Decoder::new(packed);
        let mut told = Telling::default();
        let mut weights = vec![[0; 256]; ALPHABETS];
        for weights in &mut weights {
            let mut before = 0;
            for weight in weights {
                *weight = told.tell(before, |_, chance| decoder.read(chance));
                before = *weight;
            }
        }
        let mut model = Model::new(&weights);
        model.begin_file();
        Spreader { model, decoder, sizes, n_whole: 0, file: Vec::new(), whole: Vec::new() }
    }

    /// Spreads up to `n_bytes` more bytes, no further than to the end of a file. Returns how many files are whole.
    pub fn step(&mut self, n_bytes: u32) -> usize {
        let Some(size) = self.sizes.get(self.n_whole) else { return self.n_whole };
        for _ in 0..n_bytes {
            if self.file.len() == *size as usize {
                break;
            }
            let byte = loop {
                let bit = self.decoder.read(self.model.foretell());
                if let Some(byte) = self.model.learn(bit) {
                    break byte;
                }
            };
            self.file.push(byte);
        }
        if self.file.len() == *size as usize {
            self.whole.push(std::mem::take(&mut self.file));
            self.n_whole += 1;
            self.model.begin_file();
        }
        self.n_whole
    }

    /// Bytes of the present file that have come so far.
    #[wasm_bindgen(getter)]
    pub fn come(&self) -> usize {
        self.file.len()
    }

    /// Hands out the whole file of the number `index`; an empty one where it was handed out before.
    pub fn take(&mut self, index: usize) -> Vec<u8> {
        self.whole.get_mut(index).map(std::mem::take).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Spreader, press};

    fn spread(packed: Vec<u8>, sizes: &[u32]) -> Vec<Vec<u8>> {
        let mut spreader = Spreader::new(packed, sizes.to_vec());
        while spreader.step(1_000) < sizes.len() {}
        (0..sizes.len()).map(|index| spreader.take(index)).collect()
    }

    fn check(files: &[&[u8]]) -> usize {
        let sizes: Vec<u32> = files.iter().map(|file| file.len() as u32).collect();
        let packed = press(&files.concat(), &sizes);
        let n_packed = packed.len();
        assert_eq!(spread(packed, &sizes), files);
        n_packed
    }

    /// A module of WebAssembly with one function, whose body is `body`.
    fn module(body: &[u8]) -> Vec<u8> {
        let mut module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0".to_vec();
        let size = body.len() as u8;
        module.extend([10, size + 3, 1, size + 1, 0]);
        module.extend(body);
        module
    }

    #[test]
    fn files_come_back_as_they_were() {
        let text = "aws kinesis put-record --stream-name orders\n".repeat(50);
        let code = module(b"\x20\x00\x28\x02\x04\x41\x80\x80\xc0\x00\x6a\x44\0\0\0\0\0\0\xf0\x3f\x1a\x0b");
        let n_packed = check(&[text.as_bytes(), &code, b"", &code, b"\0"]);
        assert!(n_packed < 200, "{n_packed} bytes");
    }

    #[test]
    fn nothing_and_noise_come_back_too() {
        check(&[]);
        check(&[b""]);
        let mut seed = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        })
        .take(5_000)
        .collect();
        let n_packed = check(&[&noise]);
        assert!(n_packed < 5_400, "{n_packed} bytes");
        // What begins like a module and goes on as anything is no reason to stumble.
        check(&[&[b"\0asm\x01\0\0\0\x0a\xff\xff\xff\x0f\x01\xff\xff\x03\x01\x01\x7f", &noise[..]].concat()]);
    }

    #[test]
    fn what_is_damaged_gives_other_bytes_and_an_end() {
        let text = b"records ".repeat(100);
        let mut packed = press(&text, &[800]);
        packed.truncate(3);
        assert_ne!(spread(packed, &[800]), [text]);
    }
}
