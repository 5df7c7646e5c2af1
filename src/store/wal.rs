//! Looks at the write-ahead log of an SQLite file before SQLite does.
//!
//! SQLite takes a log to end at the first frame whose checksum is wrong. At the end of the log that is right: a transaction that
//! was not synced yet was acknowledged to nobody. But each is synced before the next is written, so what is broken before a whole
//! transaction with another behind it was acknowledged, and was damaged afterwards.

mod headless;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::files::settled;
use super::lock;

/// Looks before something is called damaged: others may be writing, and what they are at looks torn.
const LOOKS: usize = 4;
const PAUSE: Duration = Duration::from_millis(30);
/// The page at this offset is never used.
const PENDING_BYTE: u64 = 0x4000_0000;
const HEAD: usize = 32;
const FRAME_HEAD: usize = 24;

/// # Errors
/// What is lost of this database, when something is. A file or a log that is not there has lost nothing.
pub(super) fn look(database: &Path) -> Result<(), String> {
    let mut last = None;
    for _ in 0..LOOKS {
        let found = look_once(database).map_err(|error| error.to_string())?;
        match found {
            None => return Ok(()),
            Some(_) if last == found => {}
            Some(_) => last = found,
        }
        std::thread::sleep(PAUSE);
    }
    last.map_or(Ok(()), Err)
}

fn look_once(database: &Path) -> io::Result<Option<String>> {
    let database = settled(database);
    let found = fs::metadata(&database);
    if found.is_ok_and(|found| found.len() == 0) && lock::is_marked(&database) {
        let cause = "its file is empty, and a server has served from it";
        return Ok(Some(cause.to_owned()));
    }
    let mut name = database.clone().into_os_string();
    name.push("-wal");
    let file = match File::open(PathBuf::from(name)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(log) = Log::read(BufReader::with_capacity(1 << 20, &file))? else {
        return headless::look(&file, &database);
    };
    if log.lost {
        return Ok(Some(format!(
            "frame {} of its write-ahead log is torn, and whole transactions stand behind it",
            log.whole + 1
        )));
    }
    // A checkpoint between the two looks makes the file longer, never shorter.
    let length = fs::metadata(&database).map_or(0, |found| found.len());
    if length == 0 && log.pages > 0 {
        // SQLite throws away the log of an empty file.
        return Ok(Some(
            "its file is empty, and its write-ahead log is not".to_owned(),
        ));
    }
    Ok(log.missing(length).map(|page| {
        format!("its file was cut off: page {page} is neither there nor in the write-ahead log")
    }))
}

/// What a log holds up to its last whole transaction.
#[derive(Debug, Default)]
struct Log {
    page_size: u64,
    /// Frames up to the first that is broken.
    whole: u64,
    /// Pages of the database after the last whole transaction; 0 when there is none.
    pages: u64,
    /// Which pages the log holds.
    holds: HashSet<u64>,
    /// Whether a whole transaction stands behind a broken frame, and something behind that.
    lost: bool,
}

impl Log {
    /// `None` when the log has no whole head.
    fn read(mut file: impl Read) -> io::Result<Option<Self>> {
        let mut head = [0; HEAD];
        if fill(&mut file, &mut head)? < HEAD {
            return Ok(None);
        }
        let magic = word(&head, 0);
        let mut sum = Sum {
            big: magic & 1 == 1,
            state: (0, 0),
        };
        sum.add(part(&head, 0..24));
        let page_size = word(&head, 8);
        let is_head = magic & !1 == 0x377f_0682 && is_page_size(page_size);
        if !is_head || sum.state != (word(&head, 24), word(&head, 28)) {
            return Ok(None);
        }
        let mut log = Self {
            page_size: u64::from(page_size),
            ..Self::default()
        };
        let mut frame = vec![0; FRAME_HEAD + page_size as usize];
        let (mut open, mut broken, mut committed) = (Vec::new(), false, false);
        while fill(&mut file, &mut frame)? == frame.len() {
            let is_ours = part(&frame, 8..16) == part(&head, 16..24);
            let size = word(&frame, 4);
            if !broken {
                sum.add(part(&frame, 0..8));
                sum.add(part(&frame, FRAME_HEAD..frame.len()));
                broken = !is_ours || sum.state != (word(&frame, 16), word(&frame, 20));
            }
            if !broken {
                log.whole += 1;
                open.push(u64::from(word(&frame, 0)));
                if size > 0 {
                    log.pages = u64::from(size);
                    log.holds.extend(open.drain(..));
                }
            } else if is_ours {
                log.lost |= committed;
                committed |= size > 0;
            }
        }
        Ok(Some(log))
    }

    /// The first page that neither the log has nor a file of this length.
    fn missing(&self, length: u64) -> Option<u64> {
        let unused = PENDING_BYTE / self.page_size + 1;
        (length / self.page_size + 1..=self.pages)
            .find(|page| *page != unused && !self.holds.contains(page))
    }
}

fn is_page_size(size: u32) -> bool {
    size.is_power_of_two() && (512..=65_536).contains(&size)
}

/// Reads as much as there is, at most a buffer.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            more => length += more,
        }
    }
    Ok(length)
}

/// Some of the bytes; none where they are too few.
fn part(bytes: &[u8], range: std::ops::Range<usize>) -> &[u8] {
    bytes.get(range).unwrap_or_default()
}

/// A big-endian number.
fn word(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at + 4)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u32::from_be_bytes)
}

/// The checksum of a log, over everything so far.
struct Sum {
    /// Whether it goes over big-endian numbers.
    big: bool,
    state: (u32, u32),
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        let (mut one, mut two) = self.state;
        for pair in bytes.chunks_exact(8) {
            let number = |at| match self.big {
                true => word(pair, at),
                false => word(pair, at).swap_bytes(),
            };
            one = one.wrapping_add(number(0)).wrapping_add(two);
            two = two.wrapping_add(number(4)).wrapping_add(one);
        }
        self.state = (one, two);
    }
}
