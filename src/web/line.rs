//! A line to a client. The HTTP library limits the time of a connection's first head alone: here every head, every answer and every
//! pause has one. It also reads on and answers on while a client takes nothing, and holds all of that in memory: here a client is
//! listened to again when it has taken what it asked for. And it answers all requests that have come in before it looks at another
//! line: here each line has a turn, of one request.

use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::rt::time::{Instant, Sleep, sleep_until};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::yield_now;

use super::ahead::{self, Ahead, Part};
use super::chunks::Chunks;
use super::watch::{Lines, Rest, Stage, Watch};

/// How often a line that is quiet looks whether it still may be.
const LOOK: Duration = Duration::from_secs(15);
/// Bytes of a head that are handed on at a time, as long as it may still be a short one.
const TURN: usize = 2_048;
/// No head is longer. Who sends more before the next request goes on with a body that is answered already: it is read no further.
const MOST_BETWEEN: usize = 1 << 20;
/// This is no answer: the client is asked for the body that it has announced (RFC 9110, 15.2.1). With an answer behind it, it is one.
const GO_ON: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// A socket that is closed when its client is too slow.
pub struct Line<S> {
    socket: S,
    watch: Rc<Watch>,
    timer: Pin<Box<Sleep>>,
    /// Bytes of heads that were handed on in this turn.
    handed: usize,
    /// Bytes of the head that is arriving that were handed on.
    head: usize,
    /// The parser has a whole head in this turn, and is to answer it before it gets another.
    ended: bool,
    /// What was read and the parser does not have yet.
    ahead: Ahead,
    /// Where a body in chunks stands.
    chunks: Chunks,
    /// That it may have more of that; over when it may.
    rest: Option<Rest>,
}

impl<S> Line<S> {
    pub fn new(socket: S, lines: &Arc<Lines>) -> Self {
        Self {
            socket,
            watch: Watch::new(lines),
            timer: Box::pin(sleep_until(Instant::now() + LOOK)),
            handed: 0,
            head: 0,
            ended: false,
            ahead: Ahead::default(),
            chunks: Chunks::default(),
            rest: None,
        }
    }

    /// For whoever sees the requests of this line.
    pub fn watch(&self) -> Rc<Watch> {
        Rc::clone(&self.watch)
    }

    /// Whether its time is over. Else the task is woken when that is to be asked again: the timer is set then and not at each
    /// request, which would cost every request two turns of the runtime's clock.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        while self.timer.as_mut().poll(context).is_ready() {
            let (now, due) = (Instant::now(), self.watch.due());
            if now >= due {
                return true;
            }
            self.timer.as_mut().reset(due.min(now + LOOK));
        }
        false
    }

    /// Bytes that may be handed on in this turn: while a head is arriving that is longer than a turn, very many.
    fn turn(&self) -> usize {
        match self.is_in_long_head() {
            true => ahead::PIECE,
            false => TURN,
        }
    }

    fn is_in_long_head(&self) -> bool {
        self.watch.stage() == Stage::Head && self.head >= TURN
    }

    /// More came than a client sends that waits for its answers, or than a browser has to say.
    fn has_to_rest(&self) -> bool {
        match self.watch.stage() {
            _ if self.watch.is_stopping() => false,
            Stage::Pause => !self.ahead.is_empty(),
            Stage::Head => self.handed == 0 && self.head >= TURN + ahead::PIECE,
            _ => false,
        }
    }

    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let watch = &self.watch;
        self.rest.get_or_insert_with(|| watch.rest()).poll(context)
    }

    /// How much comes of the body is told as it comes.
    fn is_in_chunks(&self) -> bool {
        self.watch.stage() == Stage::Answer && self.watch.body() == u64::MAX
    }

    /// How many bytes the parser may have now.
    fn most(&self) -> usize {
        match self.watch.stage() {
            Stage::Sending | Stage::Parting => 0,
            Stage::Answer => usize::try_from(self.watch.body()).unwrap_or(usize::MAX),
            Stage::Pause | Stage::Head if self.ended => 0,
            Stage::Pause | Stage::Head => self.turn().saturating_sub(self.handed),
        }
    }

    /// Reads what the parser gets next, to the end of a head or a body and no further; the number of bytes.
    fn poll_some(
        &mut self,
        context: &mut Context<'_>,
        some: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<usize>>
    where
        S: AsyncRead + Unpin,
    {
        if self.ahead.is_empty()
            && self.is_in_long_head()
            && ready!(self.ahead.poll_fill(&mut self.socket, context))? == 0
        {
            return Poll::Ready(Ok(0));
        }
        let in_chunks = self.is_in_chunks();
        let part = match self.watch.stage() {
            Stage::Answer if in_chunks => Part::Chunks(&mut self.chunks),
            Stage::Answer => Part::Body,
            _ => Part::Head,
        };
        let (count, ended) = if self.ahead.is_empty() {
            ready!(Pin::new(&mut self.socket).poll_read(context, some))?;
            let ended = self.ahead.keep_behind(some, part);
            (some.filled().len(), ended)
        } else {
            self.ahead.give(some, part)
        };
        if ended && in_chunks {
            self.watch.body_is_here();
        } else {
            self.ended = ended;
        }
        Poll::Ready(Ok(count))
    }

    /// The parser has had its turn. If there is more, it gets that when everybody else has had theirs: see `step_back`. Whether
    /// the client has closed the line.
    fn poll_after_turn(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>>
    where
        S: AsyncRead + Unpin,
    {
        if self.ended && self.ahead.is_empty() {
            let most = TURN.min(buffer.remaining());
            let mut some = ReadBuf::new(buffer.initialize_unfilled_to(most));
            match Pin::new(&mut self.socket).poll_read(context, &mut some) {
                Poll::Ready(Ok(())) if some.filled().is_empty() => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(())) => self.ahead.keep(some.filled()),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return self.poll_quiet(context),
            }
        }
        self.new_turn();
        step_back(context);
        Poll::Pending
    }

    /// Nothing came.
    fn poll_quiet(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.new_turn();
        match self.is_over(context) {
            true => Poll::Ready(Err(too_slow())),
            false => Poll::Pending,
        }
    }

    fn new_turn(&mut self) {
        (self.handed, self.ended) = (0, false);
    }

    /// So many bytes came in between two requests.
    fn took(&mut self, count: usize) {
        self.rest = None;
        self.handed += count;
        self.head += count;
        if self.head > MOST_BETWEEN {
            self.watch.enter(Stage::Parting);
            self.timer.as_mut().reset(self.watch.due());
        }
    }

    /// Bytes came in. A client that never pauses is not to keep the line by that.
    fn heard(&self) -> io::Result<()> {
        if self.watch.stage() == Stage::Pause {
            self.watch.enter(Stage::Head);
        } else if Instant::now() >= self.watch.due() {
            return Err(too_slow());
        }
        Ok(())
    }

    /// The client has taken some of these bytes, or does not.
    fn sent(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(_)) if bytes == GO_ON => self.watch.enter(Stage::Answer),
            Poll::Ready(Ok(_)) => {
                self.watch.enter(Stage::Pause);
                if self.watch.held.take() {
                    match self.ahead.is_empty() {
                        true => context.waker().wake_by_ref(),
                        false => step_back(context),
                    }
                }
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                if self.watch.stage() != Stage::Sending {
                    self.watch.enter(Stage::Sending);
                }
                if self.is_over(context) {
                    return Poll::Ready(Err(too_slow()));
                }
            }
        }
        written
    }
}

/// Wakes the task when the thread has looked for what came in on other lines, and those have had their turn. Woken at once, it
/// would come again before that: the thread looks once in 61 of its tasks.
fn step_back(context: &mut Context<'_>) {
    let waiting = pin!(yield_now()).poll(context);
    debug_assert!(waiting.is_pending());
}

fn too_slow() -> io::Error {
    io::Error::from(io::ErrorKind::TimedOut)
}

impl<S: AsyncRead + Unpin> AsyncRead for Line<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let stage = self.watch.stage();
        let in_body = stage == Stage::Answer;
        if stage != Stage::Head {
            self.head = 0;
            self.ahead.forget();
        }
        if !in_body {
            self.chunks = Chunks::default();
        }
        if stage == Stage::Pause {
            // What is here before its turn was sent behind another request.
            self.watch.has_more(!self.ahead.is_empty());
        }
        if !matches!(stage, Stage::Pause | Stage::Head) {
            self.rest = None;
        }
        if self.has_to_rest() {
            ready!(self.poll_rest(context));
        }
        let most = self.most();
        if most == 0 {
            if matches!(stage, Stage::Pause | Stage::Head) {
                return self.poll_after_turn(context, buffer);
            }
            // Woken when something was sent.
            self.watch.held.set(true);
            return match self.is_over(context) {
                true => Poll::Ready(Err(too_slow())),
                false => Poll::Pending,
            };
        }
        let most = most.min(buffer.remaining());
        let mut some = ReadBuf::new(buffer.initialize_unfilled_to(most));
        let Poll::Ready(count) = self.poll_some(context, &mut some)? else {
            return self.poll_quiet(context);
        };
        buffer.advance(count);
        if count == 0 {
            return Poll::Ready(Ok(()));
        }
        if in_body {
            self.watch.body_came(count);
        }
        self.heard()?;
        if !in_body {
            self.took(count);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Line<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.sent(context, bytes, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        let first = slices.first().map_or(&[][..], |slice| slice);
        self.sent(context, first, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests;
