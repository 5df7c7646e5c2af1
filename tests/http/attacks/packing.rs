//! Bodies that grow when they are unpacked.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use crate::desk::admin;
use crate::support::{Engine, Server};

use super::routes::{NOWHERE, acts};

/// A form of sixteen megabytes in a few kilobytes.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let mut plain = b"name=Ama&do=send&body=".to_vec();
    plain.resize(16 << 20, b'x');
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&plain).unwrap();
    let gzip = gzip.finish().unwrap();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(&plain).unwrap();
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
    deflate.write_all(&plain).unwrap();
    let mut brotli = Vec::new();
    brotli::CompressorWriter::new(&mut brotli, 4096, 5, 22)
        .write_all(&plain)
        .unwrap();
    vec![
        ("gzip", gzip.clone()),
        ("x-gzip", gzip.clone()),
        ("gzip, gzip", gzip.clone()),
        ("GZIP", gzip),
        ("deflate", zlib.finish().unwrap()),
        ("deflate", deflate.finish().unwrap()),
        ("br", brotli),
        ("zstd", b"\x28\xb5\x2f\xfd".to_vec()),
        ("identity", b"name=Ama&body=Words&do=send".to_vec()),
    ]
}

#[test]
fn a_packed_body_is_refused_unread_at_every_address_that_takes_a_form() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let (reader, staff) = (server.visitor(), admin(&server, "Priya"));
    for (encoding, bomb) in bombs() {
        assert!(bomb.len() < 60_000, "{encoding}: {}", bomb.len());
        for route in acts() {
            let client = if route.is_desk() { &staff } else { &reader };
            let path = route.at(NOWHERE);
            let headers = [("origin", client.base()), ("content-encoding", encoding)];
            let page = client.post_raw(&path, &bomb, &headers);
            assert_eq!(page.status, 415, "{path} {encoding}: {}", page.text());
        }
    }
    assert_eq!(server.stored_comments(), 0);
    assert_eq!(staff.get("/moderation").status, 200);
}
