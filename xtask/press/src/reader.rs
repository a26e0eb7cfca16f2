//! Follows the bytes of a WebAssembly module, to tell what the next one is. It never fails: what is no module, or a
//! damaged one, is only foretold worse.

/// What a byte belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// Anything outside of code: text, tables, data.
    Raw,
    Size,
    Declared,
    Opcode,
    Local,
    Global,
    Function,
    Type,
    Label,
    Labels,
    Align,
    Offset,
    Const,
    LongConst,
    Float,
    Block,
    Miscellaneous,
    Other,
}

/// How many kinds of field there are.
pub(crate) const FIELDS: usize = 18;

#[derive(Clone, Copy)]
enum Stage {
    /// The magic number and the version, so many bytes of which are to come.
    Header(u8),
    Section,
    SectionSize,
    Anything,
    /// A file that is no module, or what stands behind one.
    NoModule,
    FunctionCount,
    BodySize,
    DeclarationCount,
    DeclarationLength,
    DeclarationType,
    Code,
}

/// Where addresses in the module's data begin, and where no more are expected.
const ADDRESSES: std::ops::Range<u64> = 1 << 20..1 << 28;
const MAGIC: [u8; 8] = *b"\0asm\x01\0\0\0";
const CODE_SECTION: u8 = 10;
/// Instructions that are remembered.
const REMEMBERED: usize = 7;

pub(crate) struct Reader {
    stage: Stage,
    pub(crate) field: Field,
    pub(crate) section: u8,
    /// The present field so far: its bytes as a hash, how many they are, and their value.
    pub(crate) part: u32,
    pub(crate) place: u32,
    value: u64,
    section_left: u64,
    body_left: u64,
    declarations_left: u64,
    /// Fields of the present instruction that are still to come, the next one last.
    to_come: Vec<Field>,
    float_left: u8,
    labels_left: u64,
    /// The newest instructions' first bytes, the newest lowest.
    pub(crate) opcodes: u128,
    /// The present instruction as far as it has come, and the newest whole ones: with all that stands in them, and
    /// without the numbers of locals, which mean something else in each function.
    pub(crate) present: u32,
    present_anywhere: u32,
    pub(crate) instructions: [u32; REMEMBERED],
    pub(crate) anywhere: [u32; REMEMBERED],
    /// The two newest values of each field.
    values: [[u32; 2]; FIELDS],
    /// The newest constant that may be an address of data.
    pub(crate) address: u32,
    /// How many functions have begun, and how many blocks are open.
    pub(crate) function: u32,
    pub(crate) depth: u32,
}

/// One number out of two, well spread over all bits.
pub(crate) fn hash(first: u32, second: u32) -> u32 {
    let spread = first.wrapping_add(second.wrapping_mul(0x9E37_79B1)) ^ (first >> 15);
    spread.wrapping_mul(0x85EB_CA6B).rotate_left(13)
}

impl Reader {
    pub(crate) fn new() -> Reader {
        Reader {
            stage: Stage::Header(0),
            field: Field::Raw,
            section: 0,
            part: 0,
            place: 0,
            value: 0,
            section_left: 0,
            body_left: 0,
            declarations_left: 0,
            to_come: Vec::new(),
            float_left: 0,
            labels_left: 0,
            opcodes: 0,
            present: 0,
            present_anywhere: 0,
            instructions: [0; REMEMBERED],
            anywhere: [0; REMEMBERED],
            values: [[0; 2]; FIELDS],
            address: 0,
            function: 0,
            depth: 0,
        }
    }

    pub(crate) fn begin_file(&mut self) {
        self.stage = Stage::Header(0);
        self.section = 0;
        self.begin(Field::Raw);
    }

    pub(crate) fn is_code(&self) -> bool {
        !matches!(self.field, Field::Raw)
    }

    pub(crate) fn is_opcode(&self) -> bool {
        self.field == Field::Opcode
    }

    /// The opcodes before the present instruction, the newest lowest.
    pub(crate) fn opcodes_before(&self) -> u128 {
        if self.is_opcode() { self.opcodes } else { self.opcodes >> 8 }
    }

    /// The newest values of a field.
    pub(crate) fn values(&self, field: Field) -> [u32; 2] {
        self.values[field as usize]
    }

    pub(crate) fn take(&mut self, byte: u8) {
        match self.stage {
            Stage::NoModule => return,
            Stage::Header(place) => {
                let is_magic = MAGIC[usize::from(place)] == byte;
                let is_last = usize::from(place) + 1 == MAGIC.len();
                self.stage = match (is_magic, is_last) {
                    (false, _) => Stage::NoModule,
                    (true, false) => Stage::Header(place + 1),
                    (true, true) => Stage::Section,
                };
                return;
            }
            Stage::Section => {
                self.section = byte;
                self.stage = Stage::SectionSize;
                self.begin(Field::Raw);
                return;
            }
            Stage::SectionSize => {
                let Some(size) = self.number(byte) else { return };
                self.section_left = size;
                if self.section == CODE_SECTION {
                    self.stage = Stage::FunctionCount;
                    self.begin(Field::Size);
                } else {
                    self.stage = Stage::Anything;
                    self.begin(Field::Raw);
                }
            }
            Stage::Anything => self.section_left = self.section_left.saturating_sub(1),
            Stage::FunctionCount => {
                self.section_left = self.section_left.saturating_sub(1);
                if self.number(byte).is_some() {
                    self.begin_body();
                }
            }
            Stage::BodySize => {
                self.section_left = self.section_left.saturating_sub(1);
                if let Some(size) = self.number(byte) {
                    self.note(size);
                    self.body_left = size;
                    self.function = self.function.wrapping_add(1);
                    self.depth = 0;
                    self.present = 1;
                    self.stage = Stage::DeclarationCount;
                    self.begin(Field::Declared);
                }
            }
            Stage::DeclarationCount | Stage::DeclarationLength | Stage::DeclarationType | Stage::Code => {
                self.section_left = self.section_left.saturating_sub(1);
                self.body_left = self.body_left.saturating_sub(1);
                self.take_of_body(byte);
                if self.body_left == 0 {
                    self.begin_body();
                }
            }
        }
        if self.section_left == 0 {
            self.stage = Stage::Section;
            self.begin(Field::Raw);
        }
    }

    fn take_of_body(&mut self, byte: u8) {
        match self.stage {
            Stage::DeclarationCount => {
                if let Some(count) = self.number(byte) {
                    self.declarations_left = count;
                    self.present = 2;
                    self.next_declaration();
                }
            }
            Stage::DeclarationLength => {
                if let Some(length) = self.number(byte) {
                    self.present = hash(3, length as u32);
                    self.stage = Stage::DeclarationType;
                    self.begin(Field::Declared);
                }
            }
            Stage::DeclarationType => {
                self.present = hash(4, u32::from(byte));
                self.declarations_left = self.declarations_left.saturating_sub(1);
                self.next_declaration();
            }
            _ => self.take_of_code(byte),
        }
    }

    fn take_of_code(&mut self, byte: u8) {
        match self.field {
            Field::Opcode => self.opcode(byte),
            Field::Float => {
                self.add(byte);
                self.float_left = self.float_left.saturating_sub(1);
                if self.float_left == 0 {
                    self.present = hash(self.present, self.part);
                    self.next_field();
                }
            }
            field => {
                if let Some(value) = self.number(byte) {
                    self.immediate(field, value);
                }
            }
        }
    }

    fn opcode(&mut self, opcode: u8) {
        use Field::{
            Align, Block, Const, Float, Function, Global, Label, Labels, Local, LongConst, Miscellaneous,
            Offset, Other, Type,
        };
        self.opcodes = self.opcodes << 8 | u128::from(opcode);
        self.present = hash(5, u32::from(opcode));
        self.present_anywhere = self.present;
        match opcode {
            0x02..=0x04 => self.depth += 1,
            0x0b => self.depth = self.depth.saturating_sub(1),
            0x43 => self.float_left = 4,
            0x44 => self.float_left = 8,
            _ => {}
        }
        let fields: &[Field] = match opcode {
            0x02..=0x04 | 0xd0 => &[Block],
            0x0c | 0x0d => &[Label],
            0x0e => &[Labels],
            0x10 | 0xd2 => &[Function],
            0x11 => &[Other, Type],
            0x1c => &[Block, Other],
            0x20..=0x22 => &[Local],
            0x23 | 0x24 => &[Global],
            0x25 | 0x26 | 0x3f | 0x40 => &[Other],
            0x28..=0x3e => &[Offset, Align],
            0x41 => &[Const],
            0x42 => &[LongConst],
            0x43 | 0x44 => &[Float],
            0xfc => &[Miscellaneous],
            _ => &[],
        };
        self.to_come.clear();
        self.to_come.extend(fields);
        self.next_field();
    }

    fn immediate(&mut self, field: Field, value: u64) {
        self.note(value);
        if field == Field::Const && ADDRESSES.contains(&value) {
            self.address = value as u32;
        }
        if field != Field::Align {
            self.present = hash(self.present, value as u32 + 1);
            if field != Field::Local {
                self.present_anywhere = hash(self.present_anywhere, value as u32 + 1);
            }
        }
        match field {
            // The labels of a table, and the one behind them.
            Field::Labels => {
                self.labels_left = value;
                self.to_come.push(Field::Label);
            }
            Field::Label if self.labels_left > 0 => {
                self.labels_left -= 1;
                self.to_come.push(Field::Label);
            }
            Field::Miscellaneous => match value {
                8 | 10 | 12 | 14 => self.to_come.extend([Field::Other, Field::Other]),
                9 | 11 | 13 | 15..=17 => self.to_come.push(Field::Other),
                _ => {}
            },
            _ => {}
        }
        self.next_field();
    }

    fn next_field(&mut self) {
        if let Some(field) = self.to_come.pop() {
            self.begin(field);
            return;
        }
        for (newest, present) in
            [(&mut self.instructions, self.present), (&mut self.anywhere, self.present_anywhere)]
        {
            newest.copy_within(..REMEMBERED - 1, 1);
            newest[0] = present;
        }
        self.begin(Field::Opcode);
    }

    fn next_declaration(&mut self) {
        if self.declarations_left > 0 {
            self.stage = Stage::DeclarationLength;
            self.begin(Field::Declared);
            return;
        }
        self.stage = Stage::Code;
        self.opcodes = 0;
        self.instructions = [7; REMEMBERED];
        self.anywhere = [7; REMEMBERED];
        self.labels_left = 0;
        self.begin(Field::Opcode);
    }

    fn begin_body(&mut self) {
        self.stage = Stage::BodySize;
        self.present = 0;
        self.begin(Field::Size);
    }

    fn begin(&mut self, field: Field) {
        self.field = field;
        self.part = 0;
        self.place = 0;
        self.value = 0;
    }

    fn add(&mut self, byte: u8) {
        self.part = hash(self.part, u32::from(byte) + 1);
        self.place += 1;
    }

    /// One more byte of a number in LEB128; the number when it was the last.
    fn number(&mut self, byte: u8) -> Option<u64> {
        let shift = 7 * self.place;
        if shift < 64 {
            self.value |= u64::from(byte & 127) << shift;
        }
        self.add(byte);
        (byte < 128).then_some(self.value)
    }

    fn note(&mut self, value: u64) {
        let values = &mut self.values[self.field as usize];
        *values = [value as u32, values[0]];
    }
}
