//! stub
pub fn languages() -> impl Iterator<Item=&'static str> { ["en"].into_iter() }
use crate::time::*;
pub struct Site { pub name: String }
impl Site { pub fn new(name:&str, _:&str, _:Zone, _:Assets, _:usize)->Site { Site{name:name.into()} } }
pub struct Assets { pub app_css: String, pub desk_css: String, pub article_js: String, pub desk_js: String, pub icon: String }
pub struct Desk { pub who: crate::store::moderators::Moderator, pub csrf: String }
pub mod front { use super::*; use crate::store::articles::*; pub fn page(_:&Site,_:Timestamp,_:&[ArticleLine],_:Option<i64>,_:Option<i64>)->String{String::new()} }
pub mod article { use super::*; use crate::store::{articles::*,comments::*,rules::*}; use crate::moderation::*; use crate::text::SafeHtml;
#[derive(Default)] pub struct ReplyForm { pub name:String, pub email:String, pub website:String, pub body: String, pub parent: Option<Parent>, pub errors: FieldErrors, pub preview: Option<SafeHtml> }
pub fn page(_:&Site,_:Timestamp,_:&Article,_:&Discussion,_:&[Rule],_:&ReplyForm)->String{String::new()} }
pub mod receipt { use super::*; pub fn page(_:&Site,_:Timestamp,_:&crate::store::replies::ReceiptView)->String{String::new()} }
pub mod rules { use super::*; pub fn page(_:&Site,_:&[crate::store::rules::Rule])->String{String::new()} }
pub mod account { use super::*; pub enum SignInFailure { Mismatch, TooMany{seconds:u64}, Busy, SignedOutMidway } pub fn sign_in(_:&Site,_:&str,_:Option<SignInFailure>,_:&str)->String{String::new()} }
pub mod queue { use super::*; use crate::store::{queue::*,rules::*}; use crate::moderation::Status; pub struct Done { pub decision:i64,pub to:Status,pub name:String,pub undone:bool}
pub struct QueuePage { pub tab:Tab,pub counts:TabCounts,pub items:Vec<QueueItem>,pub rules:Vec<Rule>,pub done:Option<Done>,pub oldest_waiting:Option<Timestamp>,pub newer:Option<i64>,pub older:Option<i64>}
pub fn page(_:&Site,_:Timestamp,_:&Desk,_:&QueuePage)->String{String::new()} pub fn done_message(_:&Site,_:Status,_:&str,_:bool)->String{String::new()} }
pub mod conflict { use super::*; use crate::store::{queue::*,rules::*}; use crate::moderation::Status; pub struct Conflict { pub item:QueueItem,pub wanted:Option<Status>,pub ground_number:Option<i16>,pub note:String,pub tab:Tab,pub rules:Vec<Rule>} pub fn page(_:&Site,_:Timestamp,_:&Desk,_:&Conflict)->String{String::new()} }
pub mod error { use super::*; #[derive(Debug,Clone)] pub struct Kept{pub action:String,pub name:String,pub email:String,pub website:String,pub body:String,pub parent:Option<i64>} pub struct ErrorPage{pub status:u16,pub reference:String,pub kept:Option<Kept>,pub retry_seconds:Option<u64>} pub fn page(_:&Site,_:&ErrorPage)->String{String::new()} }
