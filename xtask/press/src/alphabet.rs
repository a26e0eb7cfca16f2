//! In which order a byte's bits are asked for: in each kind of place, what comes often is told by few of them. So a byte
//! of code takes four questions instead of eight, and each question costs the same work.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How often each byte comes, as powers of two: 0 for never, 1 for once, 2 for two or three times, and so on.
pub(crate) type Weights = [u8; 256];
/// Bits of a weight: 31 stands for more bytes than any file has.
pub(crate) const WEIGHT_BITS: u32 = 5;
/// Numbers below this are bytes where a tree is made.
const BYTES: usize = 256;

#[derive(Clone, Copy)]
pub(crate) enum Next {
    Node(u16),
    Byte(u8),
}

/// A tree with a byte at the end of each path. Its nodes, fewer than 256, are numbered from the one that is asked most
/// often to the one that is asked least: 0 is where each path begins, and no path leads to a lower number.
pub(crate) struct Alphabet {
    nodes: Vec<[Next; 2]>,
    paths: Vec<Path>,
}

/// The bits that lead to a byte, the first one highest, and how many they are: none for a byte that never comes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Path {
    pub(crate) bits: u64,
    pub(crate) length: u32,
}

/// The weight of a byte that comes `count` times.
pub(crate) fn weight(count: u32) -> u8 {
    (u32::BITS - count.leading_zeros()) as u8
}

impl Alphabet {
    pub(crate) fn new(weights: &Weights) -> Alphabet {
        let mut weights = *weights;
        // A question needs two answers.
        for byte in 0..2 {
            if weights.iter().filter(|weight| **weight > 0).count() < 2 {
                weights[byte] = weights[byte].max(1);
            }
        }
        let used = (0..BYTES).filter(|byte| weights[*byte] > 0);
        let mut trees: BinaryHeap<Reverse<(u64, usize)>> =
            used.map(|byte| Reverse((1 << weights[byte], byte))).collect();
        let mut pairs: Vec<[usize; 2]> = Vec::new();
        while trees.len() > 1 {
            let (Some(Reverse((one, zero))), Some(Reverse((other, set)))) = (trees.pop(), trees.pop()) else {
                break;
            };
            trees.push(Reverse((one + other, BYTES + pairs.len())));
            pairs.push([zero, set]);
        }
        // Of two trees the rarer was joined first: the last pair is the root.
        let last = BYTES + pairs.len() - 1;
        let next = |side: usize| {
            if side < BYTES { Next::Byte(side as u8) } else { Next::Node((last - side) as u16) }
        };
        let nodes: Vec<[Next; 2]> = pairs.iter().rev().map(|sides| sides.map(next)).collect();
        let mut paths = vec![Path::default(); BYTES];
        let mut to_see = vec![(0_u16, Path::default())];
        while let Some((node, path)) = to_see.pop() {
            for (bit, next) in (0..).zip(nodes[usize::from(node)]) {
                let path = Path { bits: path.bits << 1 | bit, length: path.length + 1 };
                match next {
                    Next::Byte(byte) => paths[usize::from(byte)] = path,
                    Next::Node(child) => to_see.push((child, path)),
                }
            }
        }
        Alphabet { nodes, paths }
    }

    pub(crate) fn next(&self, node: u16, bit: bool) -> Next {
        self.nodes[usize::from(node)][usize::from(bit)]
    }

    pub(crate) fn path(&self, byte: u8) -> Path {
        self.paths[usize::from(byte)]
    }
}

#[cfg(test)]
mod tests {
    use super::{Alphabet, Next, weight};

    fn walk(alphabet: &Alphabet, byte: u8) -> Option<u8> {
        let path = alphabet.path(byte);
        let mut node = 0;
        for place in (0..path.length).rev() {
            match alphabet.next(node, path.bits >> place & 1 == 1) {
                Next::Byte(byte) => return (place == 0).then_some(byte),
                Next::Node(next) => {
                    assert!(next > node, "a path leads to what is asked less often");
                    node = next;
                }
            }
        }
        None
    }

    #[test]
    fn each_byte_stands_at_the_end_of_its_path_and_a_frequent_one_has_a_short_path() {
        let mut weights = [0; 256];
        for (byte, count) in [(b'a', 1_000), (b'b', 100), (b'c', 3), (b'd', 1)] {
            weights[usize::from(byte)] = weight(count);
        }
        let alphabet = Alphabet::new(&weights);
        for byte in b'a'..=b'd' {
            assert_eq!(walk(&alphabet, byte), Some(byte));
        }
        assert_eq!(alphabet.path(b'a').length, 1);
        assert_eq!(alphabet.path(b'd').length, 3);
        assert_eq!(alphabet.path(b'e').length, 0);
    }

    #[test]
    fn no_weights_can_break_a_tree() {
        for weights in [[0; 256], [31; 256], std::array::from_fn(|byte| (byte % 32) as u8)] {
            let alphabet = Alphabet::new(&weights);
            for byte in (0..=255).filter(|byte| weights[usize::from(*byte)] > 0) {
                assert_eq!(walk(&alphabet, byte), Some(byte));
            }
        }
    }
}
