//! Every route, read from the page on which they all stand: an attack on all of them forgets none that comes later.

const SOURCE: &str = include_str!("../../../src/web/routes.rs");

/// A route, and whether it answers GET and POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub pattern: String,
    pub get: bool,
    pub post: bool,
}

/// What stands in the braces of a pattern.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    pub id: &'a str,
    pub receipt: &'a str,
    pub report: &'a str,
}

/// Places at which there is nothing but the article.
pub const NOWHERE: Places = Places {
    id: "77",
    receipt: "AAAAAAAAAAAAAAAAAAAAAAAA",
    report: "AAAAAAAAAAAAAAAAAAAAAAAA",
};

pub fn all() -> Vec<Route> {
    let (_, list) = SOURCE.split_once("pub fn all(").unwrap();
    let (list, _) = list.split_once(".default_service(").unwrap();
    let services = list.split(".service(").skip(1);
    let routes: Vec<Route> = services
        .map(|service| {
            let service: String = service.split_whitespace().collect();
            let get = service.starts_with("page(\"");
            let act = service.starts_with("act(\"");
            assert!(
                get || act,
                "a route of a kind unknown to these tests: {service}"
            );
            Route {
                pattern: service.split('"').nth(1).unwrap().to_owned(),
                get,
                post: act || service.contains(".route(post()"),
            }
        })
        .collect();
    assert_eq!(
        list.matches("page(\"").count() + list.matches("act(").count(),
        routes.len()
    );
    routes
}

/// The routes that change something.
pub fn acts() -> Vec<Route> {
    all().into_iter().filter(|route| route.post).collect()
}

impl Route {
    pub fn at(&self, places: Places) -> String {
        let receipt = if self.pattern.starts_with("/reports/") {
            places.report
        } else {
            places.receipt
        };
        let path = self.pattern.replace("{id}", places.id);
        let path = path
            .replace("{receipt}", receipt)
            .replace("{slug}", "ferry");
        let path = path.replace("{block}", "1").replace("{name}", "app.css");
        assert!(
            !path.contains('{'),
            "{path} has a place unknown to these tests"
        );
        path
    }

    /// Behind the login.
    pub fn is_desk(&self) -> bool {
        self.pattern.starts_with("/moderation") || self.pattern == "/logout"
    }
}

#[test]
fn every_route_is_known_to_the_attacks() {
    let routes = all();
    assert!(routes.len() > 50, "{}", routes.len());
    let known = |pattern: &str| {
        routes
            .iter()
            .find(|route| route.pattern == pattern)
            .unwrap()
    };
    for (pattern, get, post) in [
        ("/articles/{slug}/replies", false, true),
        ("/comments/{id}/report", true, true),
        ("/moderation/comments/{id}/author", true, true),
        ("/moderation/account/password", false, true),
        ("/feed.atom", true, false),
    ] {
        let route = known(pattern);
        assert_eq!((route.get, route.post), (get, post), "{pattern}");
    }
}
