//! A log whose head is damaged: SQLite takes it for empty.
//!
//! When SQLite begins its log anew it writes the head first and syncs it. A power cut then may leave half a head, and the frames
//! of the old log behind it: nothing is lost, since the log is begun anew only when each page of the old one is in the database and
//! synced. So what the log holds is held against the database: whatever is not there as it stands in the log is lost with the head.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::{FRAME_HEAD, HEAD, Sum, is_page_size, part, word};

/// Says what is lost, if anything is.
pub(super) fn look(log: &File, database: &Path) -> io::Result<Option<String>> {
    let mut head = [0; HEAD];
    if read(log, &mut head, 0)? < HEAD {
        return Ok(None);
    }
    // Never closed: with that, SQLite would lose the locks that it has on this file by other lines of this process.
    let database = ManuallyDrop::new(match File::open(database) {
        Ok(file) => Some(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    });
    let mut sizes = vec![word(&head, 8)];
    if let Some(file) = database.as_ref() {
        let mut bytes = [0; 100];
        read(file, &mut bytes, 0)?;
        // Two bytes, in which 1 stands for 65,536.
        let size = word(&bytes, 16) >> 16;
        sizes.push(if size == 1 { 65_536 } else { size });
    }
    sizes.retain(|size| is_page_size(*size));
    sizes.dedup();
    for size in sizes {
        for big in [true, false] {
            let frames = Frames::read(log, &head, size, big)?;
            if frames.are_missing_in(log, database.as_ref())? {
                let cause = "the head of its write-ahead log is damaged, and whole transactions stand behind it";
                return Ok(Some(cause.to_owned()));
            }
        }
    }
    Ok(None)
}

/// The frames of whole transactions.
#[derive(Debug, Default)]
struct Frames {
    page_size: u64,
    /// Where in the log each page stands last.
    at: HashMap<u64, u64>,
    /// Pages of the database after the last transaction.
    pages: u64,
}

impl Frames {
    /// Reads until a checksum is wrong. That of the first frame goes on from the head's. If that is not to be had, the frame is
    /// believed when another stands behind its transaction, which was synced by then.
    fn read(log: &File, head: &[u8], size: u32, big: bool) -> io::Result<Self> {
        let mut frames = Self {
            page_size: u64::from(size),
            ..Self::default()
        };
        let mut sum = Sum {
            big,
            state: (word(head, 24), word(head, 28)),
        };
        let mut frame = vec![0; FRAME_HEAD + size as usize];
        let mut salts = Vec::new();
        let (mut offset, mut proven, mut open) = (HEAD as u64, true, Vec::new());
        while read(log, &mut frame, offset)? == frame.len() {
            let (page, after) = (word(&frame, 0), word(&frame, 4));
            let is_first = salts.is_empty();
            if is_first {
                part(&frame, 8..16).clone_into(&mut salts);
            }
            sum.add(part(&frame, 0..8));
            sum.add(part(&frame, FRAME_HEAD..frame.len()));
            let told = (word(&frame, 16), word(&frame, 20));
            if page == 0 || part(&frame, 8..16) != salts || (sum.state != told && !is_first) {
                break;
            }
            if sum.state != told {
                proven = false;
                sum.state = told;
            } else if !proven && frames.pages > 0 {
                proven = true;
            }
            open.push((u64::from(page), offset + FRAME_HEAD as u64));
            if after > 0 {
                frames.pages = u64::from(after);
                frames.at.extend(open.drain(..));
            }
            offset += frame.len() as u64;
        }
        match proven {
            true => Ok(frames),
            false => Ok(Self::default()),
        }
    }

    /// Whether the database has one of these pages otherwise, or not at all.
    fn are_missing_in(&self, log: &File, database: Option<&File>) -> io::Result<bool> {
        let Ok(size) = usize::try_from(self.page_size) else {
            return Ok(false);
        };
        let (mut logged, mut stored) = (vec![0; size], vec![0; size]);
        for (page, at) in self.at.iter().filter(|(page, _)| **page <= self.pages) {
            read(log, &mut logged, *at)?;
            let there = match database {
                Some(file) => read(file, &mut stored, (page - 1) * self.page_size)?,
                None => 0,
            };
            if there < size || logged != stored {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Reads as much as there is from this place on, at most a buffer.
fn read(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, at + length as u64)? {
            0 => break,
            more => length += more,
        }
    }
    Ok(length)
}
