//! Foretells bits: what came in the same surroundings before, in many ideas of what surroundings are.

use crate::alphabet::{Alphabet, Next, Path, Weights};
use crate::coder::Chance;
use crate::history::{self, Dice, Histories};
use crate::mixer::{CHOICES, INPUTS, Logistic, Mixer, SETS};
use crate::reader::{FIELDS, Field, Reader, hash};

/// Surroundings that are looked at for each bit.
const CONTEXTS: usize = 20;
/// Places in what came before that the present goes on like.
const MATCHES: usize = 2;
const _: () = assert!(CONTEXTS + MATCHES < INPUTS);

/// Each context's table has 2 to the power of this many buckets. A bucket holds what followed in one surrounding: a check
/// of the surrounding, and a history for each node of one page of the alphabet. Most bytes need the first page only.
const BUCKET_BITS: u32 = 19;
const BUCKET: usize = 16;
const PAGE: u16 = 15;

/// What the histories of a context foretell is learned for each kind of field apart; two more kinds are outside of code.
const KINDS: usize = FIELDS + 2;
/// The bytes of a number are told apart up to so many.
const PLACES: usize = 4;
/// Each kind and place has an alphabet of its own.
pub(crate) const ALPHABETS: usize = KINDS * PLACES;
/// Probabilities have 22 bits, above 10 bits that count how often they were put right, up to a limit.
const COUNT_BITS: u32 = 10;
const COUNT_MAX: u32 = 1_023;
const SURE: u32 = (1 << 22) - 64;

const MATCH_PLACES: usize = 1 << 20;
const MATCH_LENGTHS: usize = 17;
/// No longer match is measured.
const MATCH_MAX: usize = 40;
/// Bytes that a match must have.
const MATCH_MIN: usize = 2;
const MATCH_RATE: u16 = 6;

/// Steps of a correction, over the logits from -12 to 12.
const CORRECTION_STEPS: usize = 33;
const CORRECTION_CHOICES: usize = 1 << 16;
const CORRECTION_RATE: u16 = 6;

pub(crate) struct Model {
    logistic: Logistic,
    reader: Reader,
    came: Vec<u8>,
    dice: Dice,
    histories: Histories,
    alphabets: Vec<Alphabet>,
    /// Of which alphabet the present byte is, at which node of it its next bit is asked, and how many were.
    alphabet: usize,
    node: u16,
    n_bits: u32,
    contexts: [u32; CONTEXTS],
    buckets: Vec<u8>,
    /// Where the present buckets begin.
    bucket_places: [usize; CONTEXTS],
    guesses: Vec<u32>,
    guess_places: [usize; CONTEXTS],
    rates: Vec<f32>,
    matches: [Match; MATCHES],
    mixer: Mixer,
    corrections: [Correction; 2],
    /// The word or name that stands here, and the one before it.
    word: u32,
    word_before: u32,
}

/// What kind of byte comes next.
fn kind(reader: &Reader) -> usize {
    // The data of a module is mostly text, what else is not code are lists of numbers.
    const DATA_SECTION: u8 = 11;
    match reader.field {
        Field::Raw if reader.section == DATA_SECTION => FIELDS,
        Field::Raw => FIELDS + 1,
        field => field as usize,
    }
}

/// Of which alphabet the next byte is.
pub(crate) fn alphabet(reader: &Reader) -> usize {
    kind(reader) * PLACES + (reader.place as usize).min(PLACES - 1)
}

impl Model {
    /// `weights` has one for each alphabet.
    pub(crate) fn new(weights: &[Weights]) -> Model {
        let guesses: Vec<u32> = (0..=255).map(|state| u32::from(history::first_guess(state)) << 16).collect();
        Model {
            logistic: Logistic::new(),
            reader: Reader::new(),
            came: Vec::new(),
            dice: Dice::default(),
            histories: Histories::new(),
            alphabets: weights.iter().map(Alphabet::new).collect(),
            alphabet: 0,
            node: 0,
            n_bits: 0,
            contexts: [0; CONTEXTS],
            buckets: vec![0; (CONTEXTS << BUCKET_BITS) * BUCKET],
            bucket_places: [0; CONTEXTS],
            guesses: guesses.repeat(CONTEXTS * KINDS),
            guess_places: [0; CONTEXTS],
            rates: (0..=COUNT_MAX).map(|count| 1.0 / (count as f32 + 1.6)).collect(),
            matches: std::array::from_fn(|_| Match::new()),
            mixer: Mixer::new(),
            corrections: std::array::from_fn(|_| Correction::new()),
            word: 0,
            word_before: 0,
        }
    }

    pub(crate) fn begin_file(&mut self) {
        self.reader.begin_file();
        for candidate in &mut self.matches {
            candidate.length = 0;
        }
        self.look_around();
    }

    /// How likely the next bit is to be set.
    pub(crate) fn foretell(&mut self) -> Chance {
        let kind = kind(&self.reader);
        let slot = self.slot();
        for context in 0..CONTEXTS {
            let state = self.buckets[self.bucket_places[context] + slot];
            let place = (context * KINDS + kind) * 256 + usize::from(state);
            self.guess_places[context] = place;
            let is_new = state == 0;
            let guess = (self.guesses[place] >> COUNT_BITS) as f32 / (1 << 22) as f32;
            self.mixer.set(context, if is_new { 0.0 } else { self.logistic.stretch(guess) });
        }
        let mut longest = 0;
        for (index, candidate) in self.matches.iter_mut().enumerate() {
            let logit = candidate.foretell(self.n_bits, &self.logistic);
            longest = longest.max(candidate.bucket());
            self.mixer.set(CONTEXTS + index, logit);
        }
        self.mixer.set(CONTEXTS + MATCHES, 0.4);
        let (choices, last) = self.choices(kind, longest);
        let logit = self.mixer.mix(&self.logistic, choices, last);
        let reader = &self.reader;
        let near =
            if reader.is_code() { reader.instructions[0] ^ reader.present } else { byte_at(&self.came, 1) };
        let surroundings = [self.question(), hash(self.question() as u32, near) as usize];
        // What was mixed and what it was corrected to count alike.
        let mut probability = self.mixer.word() * (1.0 / 3.0);
        for (correction, surrounding) in self.corrections.iter_mut().zip(surroundings) {
            probability += (1.0 / 3.0) * correction.correct(surrounding, logit);
        }
        Chance::new(probability)
    }

    /// Takes the bit that came. Returns the byte that it ended.
    pub(crate) fn learn(&mut self, bit: bool) -> Option<u8> {
        for correction in &mut self.corrections {
            correction.learn(bit);
        }
        self.mixer.learn(bit);
        let slot = self.slot();
        let target = if bit { 1 << 22 } else { 0 };
        let thrown = self.dice.throw();
        for context in 0..CONTEXTS {
            let guess = &mut self.guesses[self.guess_places[context]];
            let count = *guess & ((1 << COUNT_BITS) - 1);
            let probability = (*guess >> COUNT_BITS) as i32;
            let step = (target - probability) as f32 * self.rates[count as usize];
            let probability = (probability + step as i32).clamp(64, SURE as i32) as u32;
            *guess = probability << COUNT_BITS | (count + 1).min(COUNT_MAX);
            let state = &mut self.buckets[self.bucket_places[context] + slot];
            *state = self.histories.after(*state, bit, thrown.rotate_left(context as u32));
        }
        for candidate in &mut self.matches {
            candidate.learn(bit);
        }
        self.n_bits += 1;
        match self.alphabets[self.alphabet].next(self.node, bit) {
            Next::Byte(byte) => {
                self.end_byte(byte);
                Some(byte)
            }
            Next::Node(node) => {
                let is_turned = node / PAGE != self.node / PAGE;
                self.node = node;
                if is_turned {
                    self.find_buckets();
                }
                None
            }
        }
    }

    /// The bits that tell that the next byte is `byte`.
    pub(crate) fn path(&self, byte: u8) -> Path {
        self.alphabets[self.alphabet].path(byte)
    }

    fn end_byte(&mut self, byte: u8) {
        self.came.push(byte);
        if self.came.len().is_multiple_of(1_024) {
            self.mixer.slow_down();
        }
        if byte.is_ascii_alphanumeric() || byte >= 128 {
            self.word = hash(self.word, u32::from(byte.to_ascii_lowercase()));
        } else if self.word != 0 {
            self.word_before = self.word;
            self.word = 0;
        }
        self.reader.take(byte);
        self.look_around();
    }

    /// Where in a bucket the next bit's history stands.
    fn slot(&self) -> usize {
        1 + usize::from(self.node % PAGE)
    }

    /// The node of all alphabets that is asked.
    fn question(&self) -> usize {
        self.alphabet * 256 + usize::from(self.node)
    }

    /// Which weights each set takes, and which the last weighting: by what so far tells best which models are right.
    fn choices(&self, kind: usize, longest: usize) -> ([usize; SETS], usize) {
        let reader = &self.reader;
        let node = usize::from(self.node);
        let last = self.question();
        let n_bits = self.n_bits.min(7) as usize;
        let place = reader.place.min(3) as usize;
        let by_place = (kind * 8 + n_bits) * 4 + place;
        let by_length = (longest * 24 + kind) * 8 + n_bits;
        if !reader.is_code() {
            let by_lane = (self.came.len() & 3) * 256 + node;
            let [newest, before] = [1, 2].map(|back| byte_at(&self.came, back) as usize);
            return ([by_place, node, by_length, newest, before, by_lane], last);
        }
        // Below 1,024 are the choices of what is no code.
        let is_opcode = usize::from(reader.is_opcode());
        let [opcode, before] = [0, 8].map(|shift| (reader.opcodes >> shift & 255) as usize);
        let by_opcode = 1_024 + place.min(1) * 512 + opcode * 2 + is_opcode;
        let by_opcode_before = 1_024 + before * 2 + is_opcode;
        let by_depth = 1_024 + (kind * 16 + reader.depth.min(15) as usize) * 4 + place;
        let by_node = 1_024 + hash(last as u32, 0) as usize % (CHOICES - 1_024);
        ([by_place, by_opcode, by_length, by_node, by_opcode_before, by_depth], last)
    }

    /// Finds the surroundings of the byte that comes.
    fn look_around(&mut self) {
        self.contexts = if self.reader.is_code() { self.in_code() } else { self.in_data() };
        for (context, number) in self.contexts.iter_mut().zip(1..) {
            *context = hash(*context, number);
        }
        self.alphabet = alphabet(&self.reader);
        self.node = 0;
        self.n_bits = 0;
        self.find_buckets();
        let byte = |back: usize| byte_at(&self.came, back);
        let of_bytes = |n: usize| (1..=n).fold(n as u32, |hashed, back| hash(hashed, byte(back)));
        let reader = &self.reader;
        let long = if reader.is_code() {
            let begun = hash(reader.field as u32, reader.part ^ reader.present);
            reader.instructions[..3].iter().fold(begun, |hashed, instruction| hash(hashed, *instruction))
        } else {
            of_bytes(12)
        };
        let surroundings = [of_bytes(6), long];
        let alphabet = &self.alphabets[self.alphabet];
        for (candidate, surrounding) in self.matches.iter_mut().zip(surroundings) {
            candidate.look(&self.came, surrounding, alphabet);
        }
    }

    fn in_code(&self) -> [u32; CONTEXTS] {
        let reader = &self.reader;
        let field = reader.field as u32;
        let is_opcode = reader.is_opcode();
        let base = hash(hash(field, reader.part), if is_opcode { 0 } else { reader.present });
        let opcodes = if is_opcode { reader.opcodes } else { reader.opcodes >> 8 };
        // The newest opcodes, so many of them.
        let newest = |n: u32| {
            let kept = opcodes & (u64::MAX >> (64 - 8 * n));
            hash(hash(base, kept as u32), (kept >> 32) as u32)
        };
        let whole = &reader.instructions;
        let anywhere =
            |n: usize| reader.anywhere[..n].iter().fold(hash(base, 55), |hashed, next| hash(hashed, *next));
        let [value, value_before] = reader.values(reader.field);
        let [local, _] = reader.values(Field::Local);
        let in_function = hash(base, reader.function);
        let like_address = hash(hash(field, reader.place), reader.address >> (7 * reader.place.min(4)));
        [
            base,
            hash(base, whole[0]),
            hash(hash(base, whole[0]), whole[1]),
            hash(hash(base, whole[1]), whole[2]),
            anywhere(5),
            anywhere(7),
            newest(2),
            newest(3),
            newest(4),
            newest(6),
            newest(8),
            hash(base, value),
            hash(hash(base, value), value_before),
            hash(hash(base, value), opcodes as u32 & 0xff),
            hash(hash(base, local), opcodes as u32 & 0xffff),
            hash(hash(base, reader.depth), opcodes as u32 & 0xff),
            in_function,
            hash(in_function, opcodes as u32 & 0xffff),
            hash(in_function, whole[0]),
            hash(like_address, if is_opcode { whole[0] } else { 0 }),
        ]
    }

    fn in_data(&self) -> [u32; CONTEXTS] {
        let byte = |back: usize| byte_at(&self.came, back);
        let section = u32::from(self.reader.section);
        // Tables are of words of four bytes.
        let lane = hash(section, self.came.len() as u32 & 3);
        let mut newest = [section; 9];
        for back in 1..newest.len() {
            newest[back] = hash(newest[back - 1], byte(back));
        }
        [
            lane,
            newest[1],
            newest[2],
            newest[3],
            newest[4],
            newest[5],
            newest[6],
            newest[8],
            hash(section, self.word),
            hash(hash(section, self.word), self.word_before),
            hash(hash(section, self.word), byte(1)),
            hash(lane, byte(4)),
            hash(hash(lane, byte(4)), byte(8)),
            hash(hash(lane, byte(4)), byte(12)),
            hash(hash(lane, byte(1)), byte(4)),
            hash(lane, byte(8)),
            hash(hash(section, byte(2)), byte(3)),
            hash(hash(section, byte(3)), byte(4)),
            hash(hash(section, byte(1)), byte(3)),
            hash(hash(hash(section, byte(2)), byte(3)), byte(4)),
        ]
    }

    /// Finds the buckets for the page of the node that is asked.
    fn find_buckets(&mut self) {
        let mask = (1 << BUCKET_BITS) - 1;
        let page = u32::from(self.node / PAGE);
        let hashes = self.contexts.map(|context| hash(context, page.wrapping_mul(0x2545_F491) + 1));
        // Memory is slow, but brings several things at a time: all are asked for before one is looked at.
        let touched = (0..CONTEXTS).fold(0, |touched, context| {
            let index = (hashes[context] >> 8) as usize & mask;
            touched ^ self.buckets[((context << BUCKET_BITS) + index) * BUCKET]
        });
        std::hint::black_box(touched);
        for (context, hashed) in hashes.into_iter().enumerate() {
            let check = hashed as u8;
            let index = (hashed >> 8) as usize & mask;
            let [one, other] = [index, index ^ 1].map(|index| ((context << BUCKET_BITS) + index) * BUCKET);
            self.bucket_places[context] = if self.buckets[one] == check {
                one
            } else if self.buckets[other] == check {
                other
            } else {
                let is_less =
                    history::worth(self.buckets[one + 1]) <= history::worth(self.buckets[other + 1]);
                let place = if is_less { one } else { other };
                self.buckets[place..place + BUCKET].fill(0);
                self.buckets[place] = check;
                place
            };
        }
    }
}

/// The byte that came so many bytes ago, 1 for the newest; 0 before the first.
fn byte_at(came: &[u8], back: usize) -> u32 {
    came.len().checked_sub(back).map_or(0, |place| u32::from(came[place]))
}

/// A place in what came before that looks like the present one, and goes on.
struct Match {
    places: Vec<u32>,
    /// Where the byte stands that would come next.
    place: usize,
    /// Bytes that were alike up to here; 0 where nothing is.
    length: usize,
    /// How often matches of a length were right, for a bit that would be 0 and for one that would be 1.
    right: [u16; MATCH_LENGTHS * 2],
    /// Which of them the present bit is about.
    foretold: Option<usize>,
    /// The bits of the byte that would come next.
    path: Path,
}

impl Match {
    fn new() -> Match {
        let right = [49_152; MATCH_LENGTHS * 2];
        Match {
            places: vec![0; MATCH_PLACES],
            place: 0,
            length: 0,
            right,
            foretold: None,
            path: Path::default(),
        }
    }

    fn look(&mut self, came: &[u8], surrounding: u32, alphabet: &Alphabet) {
        let index = surrounding as usize >> 12;
        if self.length > 0 && came[self.place] == came[came.len() - 1] {
            self.length += 1;
            self.place += 1;
        } else {
            self.length = 0;
            let place = self.places[index] as usize;
            let alike = came[..place].iter().rev().zip(came.iter().rev()).take(MATCH_MAX);
            let length = alike.take_while(|(old, new)| old == new).count();
            if length >= MATCH_MIN && place < came.len() {
                self.length = length;
                self.place = place;
            }
        }
        self.places[index] = came.len() as u32;
        if self.length > 0 {
            self.path = alphabet.path(came[self.place]);
            // What stands there may be a byte that never comes here.
            if self.path.length == 0 {
                self.length = 0;
            }
        }
    }

    fn bucket(&self) -> usize {
        self.length.min(15) + usize::from(self.length >= 32)
    }

    /// The bits of the byte that come before have all been as they are in the path: `learn` ends a match that was wrong.
    fn foretell(&mut self, n_bits: u32, logistic: &Logistic) -> f32 {
        self.foretold = None;
        if self.length == 0 {
            return 0.0;
        }
        let bit = self.path.bits >> (self.path.length - 1 - n_bits) & 1;
        let index = self.bucket() * 2 + bit as usize;
        self.foretold = Some(index);
        let logit = logistic.stretch(f32::from(self.right[index]) / 65_536.0);
        if bit == 1 { logit } else { -logit }
    }

    fn learn(&mut self, bit: bool) {
        let Some(index) = self.foretold else { return };
        let right = &mut self.right[index];
        if (index & 1 == 1) == bit {
            *right += (u16::MAX - *right) >> MATCH_RATE;
        } else {
            *right -= *right >> MATCH_RATE;
            self.length = 0;
        }
    }
}

/// Puts a probability right by what came when such a one was said in the same surroundings.
struct Correction {
    steps: Vec<u16>,
    place: usize,
}

impl Correction {
    fn new() -> Correction {
        let logistic = Logistic::new();
        let steps: Vec<u16> = (0..CORRECTION_STEPS)
            .map(|step| (logistic.squash((step as f32 - 16.0) * 0.75) * 65_535.0) as u16)
            .collect();
        Correction { steps: steps.repeat(CORRECTION_CHOICES), place: 0 }
    }

    fn correct(&mut self, surrounding: usize, logit: f32) -> f32 {
        let step = (logit + 12.0) * (4.0 / 3.0);
        let index = step as usize;
        let over = step - index as f32;
        let place = surrounding % CORRECTION_CHOICES * CORRECTION_STEPS + index;
        self.place = place + usize::from(over > 0.5);
        let [low, high] = [self.steps[place], self.steps[place + 1]].map(f32::from);
        (low * (1.0 - over) + high * over) / 65_536.0
    }

    fn learn(&mut self, bit: bool) {
        let step = &mut self.steps[self.place];
        if bit {
            *step += (u16::MAX - *step) >> CORRECTION_RATE;
        } else {
            *step -= *step >> CORRECTION_RATE;
        }
    }
}
