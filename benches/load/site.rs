//! A site of some size, with the two servers that are driven by turns.

use std::path::Path;

use super::answer::{Answer, Patient};
use super::database::{self, Databases};
use super::limit::{self, Kept};
use super::process::Process;
use super::request::{Get, post};

/// What the pages of a site are read with.
pub struct Site {
    pub size: usize,
    /// Of its database.
    pub url: String,
    server: Option<Process>,
    limit: Option<Process>,
    /// A moderator's: the `Cookie` header, and the token of the forms.
    pub cookie: String,
    pub csrf: String,
}

impl Site {
    pub fn new(databases: &mut Databases, size: usize) -> Self {
        Self {
            size,
            url: databases.copy(size, "ours"),
            server: None,
            limit: None,
            cookie: String::new(),
            csrf: String::new(),
        }
    }

    /// Starts the real server, and signs in.
    pub fn open(&mut self, folder: &Path, settings: &[(&str, &str)]) {
        self.close();
        self.server = Some(Process::serve(folder, &self.url, settings));
        let mut form = Vec::new();
        let fields = [
            ("name", database::NAME),
            ("password", database::PASSWORD),
            ("next", ""),
        ];
        post(&mut form, "/login", "", &fields);
        let answer = self.ask(&form);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let cookie = answer.header("set-cookie").unwrap();
        cookie
            .split(';')
            .next()
            .unwrap()
            .clone_into(&mut self.cookie);
        let queue = self.ask(&self.desk("/moderation").bytes()).text();
        let (_, token) = queue.split_once("name=\"csrf\" value=\"").unwrap();
        token.split('"').next().unwrap().clone_into(&mut self.csrf);
    }

    pub fn close(&mut self) {
        self.limit = None;
        if let Some(server) = self.server.take() {
            server.stop();
        }
    }

    /// The real server, which has been opened.
    pub fn ours(&self) -> &Process {
        self.server.as_ref().unwrap()
    }

    pub fn limit(&self) -> Option<&Process> {
        self.limit.as_ref()
    }

    /// Asks the real server, on a connection of its own.
    pub fn ask(&self, request: &[u8]) -> Answer {
        let mut connection = Patient::connect(self.ours().address).unwrap();
        connection.ask(request).unwrap()
    }

    /// A page as a moderator gets it.
    pub fn desk(&self, path: &str) -> Get {
        Get {
            cookie: Some(self.cookie.clone()),
            ..Get::identity(path)
        }
    }

    /// Starts the limit, which has in memory what the real server answers to these, and sees that it sends the same.
    pub fn start_limit(&mut self, folder: &Path, asked: &[Get]) {
        let answers: Vec<Answer> = asked.iter().map(|get| self.ask(&get.bytes())).collect();
        let kept: Vec<Kept> = asked
            .iter()
            .zip(&answers)
            .map(|(get, answer)| Kept::new(get, answer))
            .collect();
        let file = folder.join(format!("answers-{}.json", self.size));
        std::fs::write(&file, serde_json::to_vec(&kept).unwrap()).unwrap();
        let process = Process::limit(folder, &file);
        // It answers, so it has read them.
        std::fs::remove_file(&file).unwrap();
        let mut connection = Patient::connect(process.address).unwrap();
        for (get, ours) in asked.iter().zip(&answers) {
            let wanted = if get.known.is_some() { 304 } else { 200 };
            assert_eq!(ours.status, wanted, "{}", get.path);
            let compressed = ours.header("content-encoding") == Some("br");
            assert_eq!(
                compressed,
                get.encoding == "br" && wanted == 200,
                "{}",
                get.path
            );
            let theirs = connection.ask(&get.bytes()).unwrap();
            assert!(
                limit::is_same(ours, &theirs),
                "{}: {:?} {:?}",
                get.path,
                ours.headers,
                theirs.headers
            );
        }
        self.limit = Some(process);
    }
}
