//! Numbers that look drawn and are the same again for the same seed.

/// A stream of numbers (splitmix64).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The stream of one thing, told from those of all others by its purpose and its number.
    pub fn of(seed: u64, purpose: u64, number: u64) -> Self {
        let mut mixed = Self(seed ^ purpose.wrapping_mul(0xd6e8_feb8_6659_fd93));
        let first = mixed.next();
        let mut own = Self(first ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        own.next();
        own
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1, without 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Below `end`, which is above 0; each as often as the others.
    pub fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }

    /// Below `end`, as often as the words of a language by rank: the second half as often as the first, the third a third.
    pub fn zipf(&mut self, end: usize) -> usize {
        let rank = (self.unit() * ((end + 1) as f64).ln()).exp() - 1.0;
        (rank as usize).min(end - 1)
    }

    /// True so often.
    pub fn chance(&mut self, often: f64) -> bool {
        self.unit() < often
    }

    /// Around `median`, seldom far above it: the longest of many are a hundred times as long.
    pub fn long_tailed(&mut self, median: f64, spread: f64) -> f64 {
        // The sum of twelve is near enough to a bell.
        let bell = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
        median * (bell * spread).exp()
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.next().to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
        bytes
    }
}
