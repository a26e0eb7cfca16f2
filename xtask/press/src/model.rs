//! Foretells bits: what came in the same surroundings before, in many ideas of what surroundings are.

use crate::alphabet::{Alphabet, Next, Path, Weights};
use crate::coder::Chance;
use crate::correction::Correction;
use crate::history::{self, Dice, Histories};
use crate::matches::Match;
use crate::mixer::{CHOICES, INPUTS, LAST_SETS, Logistic, Mixer, SETS};
use crate::reader::{FIELDS, Field, Reader, hash};

/// Surroundings that are looked at for each bit.
const CONTEXTS: usize = 22;
/// Places in what came before that the present goes on like.
const MATCHES: usize = 3;
/// The input that always says the same.
const ALWAYS: usize = CONTEXTS + MATCHES;
const _: () = assert!(ALWAYS < INPUTS);

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
const COUNT_MAX: u32 = 300;
const SURE: u32 = (1 << 22) - 64;

/// Corrections, by other surroundings each. What each of them says counts so much, and what was mixed the rest.
const CORRECTIONS: usize = 3;
const CORRECTION_SHARE: f32 = 0.3;

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
    corrections: [Correction; CORRECTIONS],
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
            // Of a history that has not begun nothing follows.
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
        self.mixer.set(ALWAYS, 0.4);
        let choices = self.choices(kind, longest);
        let logit = self.mixer.mix(&self.logistic, choices, self.last_choices(choices));
        let mut probability = self.mixer.word() * (1.0 - CORRECTION_SHARE * CORRECTIONS as f32);
        let surroundings = self.correction_surroundings();
        for (correction, surrounding) in self.corrections.iter_mut().zip(surroundings) {
            probability += CORRECTION_SHARE * correction.correct(surrounding, logit);
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

    /// Which weights each set takes: by what so far tells best which models are right.
    fn choices(&self, kind: usize, longest: usize) -> [usize; SETS] {
        let reader = &self.reader;
        let node = usize::from(self.node);
        let n_bits = self.n_bits.min(7) as usize;
        let place = reader.place.min(3) as usize;
        let hashed = |of: u32| hash(hash(of, kind as u32), n_bits as u32) as usize % CHOICES;
        let by_place = (kind * 8 + n_bits) * 4 + place;
        let by_length = (longest * 24 + kind) * 8 + n_bits;
        let by_expected =
            hashed(self.matches.iter().map(|found| found.expected).find(|byte| *byte != 0).unwrap_or(0));
        if !reader.is_code() {
            let by_lane = (self.came.len() & 3) * 256 + node;
            let [newest, before] = [1, 2].map(|back| byte_at(&self.came, back) as usize);
            return [by_place, node, by_length, newest, before, by_lane, by_expected, 0];
        }
        // Below 1,024 are the choices of what is no code.
        let is_opcode = usize::from(reader.is_opcode());
        let [opcode, before] = [0, 8].map(|shift| (reader.opcodes >> shift & 255) as usize);
        let by_opcode = 1_024 + place.min(1) * 512 + opcode * 2 + is_opcode;
        let by_opcode_before = 1_024 + before * 2 + is_opcode;
        let by_depth = 1_024 + (kind * 16 + reader.depth.min(15) as usize) * 4 + place;
        let by_node = 1_024 + hash(self.question() as u32, 0) as usize % (CHOICES - 1_024);
        let by_instruction = hashed(reader.instructions[0]);
        [by_place, by_opcode, by_length, by_node, by_opcode_before, by_depth, by_expected, by_instruction]
    }

    /// Which weights the last weightings take: one by the bit that is asked, the other by what stands before it and how
    /// long that is known.
    fn last_choices(&self, [_, newest, by_length, ..]: [usize; SETS]) -> [usize; LAST_SETS] {
        [self.question(), hash(hash(newest as u32, self.n_bits), by_length as u32) as usize]
    }

    /// In what a probability is put right: at the bit that is asked, alone and with what stands before it.
    fn correction_surroundings(&self) -> [usize; CORRECTIONS] {
        let reader = &self.reader;
        let [near, far] = if reader.is_code() {
            let near = reader.instructions[0] ^ reader.present;
            [near, hash(reader.instructions[1], near)]
        } else {
            [1, 2].map(|back| byte_at(&self.came, back))
        };
        let question = self.question();
        [question, hash(question as u32, near) as usize, hash(question as u32, far) as usize]
    }

    /// Finds the surroundings of the byte that comes.
    fn look_around(&mut self) {
        self.alphabet = alphabet(&self.reader);
        self.node = 0;
        self.n_bits = 0;
        let byte = |back: usize| byte_at(&self.came, back);
        let of_bytes = |n: usize| (1..=n).fold(n as u32, |hashed, back| hash(hashed, byte(back)));
        let reader = &self.reader;
        let surroundings = if reader.is_code() {
            let begun = hash(reader.field as u32, reader.part ^ reader.present);
            let whole = reader.instructions[..3].iter().fold(begun, |hashed, next| hash(hashed, *next));
            [of_bytes(6), whole, hash_of_newest(begun, reader.opcodes_before(), 12)]
        } else {
            [of_bytes(6), of_bytes(12), of_bytes(10)]
        };
        let alphabet = &self.alphabets[self.alphabet];
        for (candidate, surrounding) in self.matches.iter_mut().zip(surroundings) {
            candidate.look(&self.came, surrounding, alphabet);
        }
        self.contexts = if self.reader.is_code() { self.in_code() } else { self.in_data() };
        for (context, number) in self.contexts.iter_mut().zip(1..) {
            *context = hash(*context, number);
        }
        self.find_buckets();
    }

    fn in_code(&self) -> [u32; CONTEXTS] {
        let reader = &self.reader;
        let field = reader.field as u32;
        let is_opcode = reader.is_opcode();
        let base = hash(hash(field, reader.part), if is_opcode { 0 } else { reader.present });
        let opcodes = reader.opcodes_before();
        let newest = |n: u32| hash_of_newest(base, opcodes, n);
        let whole = &reader.instructions;
        let anywhere =
            |n: usize| reader.anywhere[..n].iter().fold(hash(base, 55), |hashed, next| hash(hashed, *next));
        let [value, value_before] = reader.values(reader.field);
        let [local, _] = reader.values(Field::Local);
        // What follows a match does so wherever in a number it stands.
        let at_match = |of: u32| hash(hash(field, reader.present), of);
        let in_function = hash(base, reader.function);
        let like_address = hash(hash(field, reader.place), reader.address >> (7 * reader.place.min(4)));
        [
            base,
            at_match(self.expected()),
            hash(at_match(self.matches[1].expected), reader.opcodes as u32 & 0xffff),
            hash(at_match(self.matches[0].expected), reader.function),
            hash(at_match(self.matches[2].expected), whole[0]),
            hash(hash(base, whole[0]), whole[1]),
            hash(hash(base, whole[1]), whole[2]),
            anywhere(5),
            anywhere(7),
            newest(4),
            newest(8),
            newest(12),
            newest(16),
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

    /// The bytes that would come next if it goes on like each of the matches.
    fn expected(&self) -> u32 {
        self.matches.iter().fold(0, |hashed, found| hash(hashed, found.expected))
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
            hash(section, self.expected()),
            hash(hash(section, self.matches[0].expected), byte(1)),
            newest[7],
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

/// Of so many of the newest opcodes, up to 16.
fn hash_of_newest(begun: u32, opcodes: u128, n: u32) -> u32 {
    let kept = opcodes & (u128::MAX >> (128 - 8 * n));
    (0..4).fold(begun, |hashed, part| hash(hashed, (kept >> (32 * part)) as u32))
}

/// The byte that came so many bytes ago, 1 for the newest; 0 before the first.
fn byte_at(came: &[u8], back: usize) -> u32 {
    came.len().checked_sub(back).map_or(0, |place| u32::from(came[place]))
}
