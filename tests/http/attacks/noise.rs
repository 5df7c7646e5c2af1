//! Bytes that nearly are requests, by numbers that look random and are the same in every run.

/// Numbers that look random and are the same in every run: SplitMix64.
pub struct Dice(pub u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % limit as u64).unwrap()
    }

    pub fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let count = self.below(most + 1);
        (0..count).map(|_| self.roll() as u8).collect()
    }
}

const METHODS: [&[u8]; 16] = [
    b"GET",
    b"POST",
    b"HEAD",
    b"PUT",
    b"DELETE",
    b"PATCH",
    b"OPTIONS",
    b"TRACE",
    b"CONNECT",
    b"get",
    b"G\0T",
    b"",
    b"GET GET",
    b"PRI",
    b"\xff\xfe",
    b"A-METHOD-OF-OUR-OWN",
];
const VERSIONS: [&[u8]; 9] = [
    b" HTTP/1.1",
    b" HTTP/1.0",
    b" HTTP/2.0",
    b" HTTP/9.9",
    b"",
    b" HTTP/1.1 x",
    b" http/1.1",
    b" HTTP/1.",
    b"\tHTTP/1.1",
];
const ENDS: [&[u8]; 5] = [b"\r\n", b"\n", b"\r", b"\r\r\n", b"\0"];
const HEADERS: [&[u8]; 38] = [
    b"Host: a",
    b"Host:",
    b"Host: a\r\nHost: b",
    b"Host: \xff",
    b"Content-Length: 5",
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Content-Length: 5\r\nContent-Length: 6",
    b"Content-Length: 5\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding:\x0bchunked",
    b"Content-Length: +5",
    b"Content-Length: 5, 5",
    b"Connection: close",
    b"Connection: upgrade\r\nUpgrade: h2c",
    b"Upgrade: websocket",
    b"Expect: 100-continue",
    b"Expect: the unexpected",
    b"Cookie: session=\xff\0",
    b"Cookie: ;;;=;=;session",
    b"Cookie: session=\"",
    b"Origin: \xff",
    b"Origin: http://[::1",
    b"Sec-Fetch-Site: \xf0\x9f",
    b"Content-Type: application/x-www-form-urlencoded",
    b"Content-Type: application/x-www-form-urlencoded; charset=\"",
    b"Content-Type: multipart/form-data",
    b"Content-Encoding: gzip",
    b"Accept-Encoding: \xff, gzip;q=-1",
    b"Accept-Encoding: gzip;q=9999999999, br;q=x",
    b"If-None-Match: W/\"\xff, *,,,",
    b"Range: bytes=9-1,-,--",
    b": nothing",
    b"No colon",
    b" folded: line",
    b"X-Forwarded-For: ,,,\xff,999.1.1.1",
];
const ESCAPES: [&str; 14] = [
    "%00",
    "%ff",
    "%",
    "%z",
    "%c0%af",
    "%2e%2e%2f",
    "%ed%a0%80",
    "%0d%0a",
    "..",
    "//",
    ";",
    "#",
    "\u{e9}",
    "\u{202e}",
];

fn target(dice: &mut Dice, paths: &[String]) -> Vec<u8> {
    let mut target = match dice.below(8) {
        0 => b"http://evil.example/articles".to_vec(),
        1 => b"*".to_vec(),
        2 => dice.bytes(60),
        3 => format!("/{}", "a".repeat(dice.below(9_000))).into_bytes(),
        _ => paths[dice.below(paths.len())].clone().into_bytes(),
    };
    for _ in 0..dice.below(4) {
        let escape = dice.one(&ESCAPES);
        let at = dice.below(target.len() + 1);
        match dice.below(2) {
            0 => target.splice(at..at, escape.bytes()).for_each(drop),
            _ => target.extend(format!("?before={escape}&q={escape}").bytes()),
        }
    }
    target
}

fn body(dice: &mut Dice) -> Vec<u8> {
    match dice.below(7) {
        0 => Vec::new(),
        1 => b"name=Ama&body=%".to_vec(),
        2 => b"5\r\nname=\r\nzz\r\nA\r\n0\r\n\r\n".to_vec(),
        3 => b"ffffffffffffffff\r\nx".to_vec(),
        4 => b"&=&&%ff=%00&name=%ff&name=\0\xff&do=send".to_vec(),
        5 => b"a=1&".repeat(dice.below(400)),
        _ => dice.bytes(300),
    }
}

/// A request that is read to its end, with something nasty where a handler looks: in its address, cookies or form.
fn nearly_right(dice: &mut Dice, paths: &[String]) -> Vec<u8> {
    let method = dice.one(&["GET", "POST", "POST", "HEAD"]);
    let mut path = paths[dice.below(paths.len())].clone();
    let inside = [
        "%00",
        "%ff",
        "%c0%af",
        "%ed%a0%80",
        "%0d%0a",
        "%2e%2e%2f",
        ";",
        "-1",
        "99999999999999999999",
    ];
    match dice.below(3) {
        0 => path.push_str(dice.one(&inside)),
        1 => path.push_str(&format!(
            "?before={0}&from={0}&q={0}&tab={0}",
            dice.one(&inside)
        )),
        _ => {}
    }
    let body = body(dice);
    let cookie = dice.one(&[
        "session=x",
        "session=; sign-in=; device=",
        "device=\"",
        "a=b; =; ;",
        "session=%ff",
    ]);
    let mut bytes =
        format!("{method} {path} HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n").into_bytes();
    if dice.below(2) == 0 {
        bytes.extend(b"Sec-Fetch-Site: same-origin\r\n");
    }
    if method == "POST" {
        let head = format!(
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            body.len()
        );
        bytes.extend(head.bytes());
    }
    bytes.extend(b"Connection: close\r\n\r\n");
    if method == "POST" {
        bytes.extend(body);
    }
    bytes
}

/// A request, or what somebody may send instead of one.
pub fn garbage(dice: &mut Dice, paths: &[String]) -> Vec<u8> {
    if dice.below(2) == 0 {
        return nearly_right(dice, paths);
    }
    if dice.below(20) == 0 {
        return dice.bytes(2_000);
    }
    let mut bytes = dice.one(&METHODS).to_vec();
    bytes.push(b' ');
    bytes.extend(target(dice, paths));
    bytes.extend(if dice.below(3) > 0 {
        VERSIONS[0]
    } else {
        dice.one(&VERSIONS)
    });
    let end = if dice.below(4) > 0 {
        ENDS[0]
    } else {
        dice.one(&ENDS)
    };
    bytes.extend(end);
    for _ in 0..dice.below(7) {
        bytes.extend(dice.one(&HEADERS));
        bytes.extend(end);
    }
    if dice.below(25) == 0 {
        let count = dice.below(300);
        (0..count).for_each(|n| bytes.extend(format!("X-{n}: y\r\n").bytes()));
    }
    if dice.below(100) == 0 {
        bytes.extend(format!("X-Huge: {}\r\n", "h".repeat(200_000)).bytes());
    }
    bytes.extend(end);
    bytes.extend(body(dice));
    // A well-formed request behind it, as in smuggling; a mark over it; or half of it only.
    match dice.below(6) {
        0 => bytes.extend(b"GET /moderation HTTP/1.1\r\nHost: a\r\n\r\n"),
        1 => {
            for _ in 0..=dice.below(4) {
                let at = dice.below(bytes.len());
                bytes[at] = dice.roll() as u8;
            }
        }
        2 => bytes.truncate(dice.below(bytes.len())),
        _ => {}
    }
    bytes
}
