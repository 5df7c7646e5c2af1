//! What people write in: the commonest words of a language and what its rarer ones are made of, names, punctuation.

/// A language, as far as it has to look like itself.
pub struct Script {
    /// Of a hundred comments, so many.
    pub share: usize,
    /// The commonest words, the most frequent first; of a script without spaces, characters.
    pub common: &'static [&'static str],
    /// What the others are made of.
    pub syllables: &'static [&'static str],
    pub first_names: &'static [&'static str],
    pub last_names: &'static [&'static str],
    /// Between words, between clauses, at the end of a sentence.
    pub space: &'static str,
    pub comma: &'static str,
    pub stop: &'static str,
    /// Sentences begin with a capital letter.
    pub capitals: bool,
}

pub const SCRIPTS: [Script; 10] = [
    ENGLISH, GERMAN, FRENCH, POLISH, RUSSIAN, GREEK, ARABIC, HEBREW, CHINESE, JAPANESE,
];

#[rustfmt::skip]
const ENGLISH: Script = Script {
    share: 56,
    common: &[
        "the", "of", "to", "and", "a", "in", "is", "it", "that", "was", "for", "on", "are", "with", "as", "be", "they", "at",
        "this", "have", "from", "or", "had", "by", "not", "but", "what", "all", "were", "when", "we", "there", "can", "an",
        "your", "which", "their", "if", "will", "each", "about", "how", "up", "out", "them", "then", "many", "some", "so",
        "would", "other", "into", "has", "more", "two", "time", "no", "way", "could", "people", "my", "than", "first",
        "been", "call", "who", "now", "find", "long", "down", "day", "did", "get", "come", "made", "may", "part", "city",
        "council", "ferry", "harbour", "street", "school", "price", "vote", "night", "bridge", "water", "winter", "article",
    ],
    syllables: &[
        "ar", "ber", "can", "der", "el", "fen", "gra", "hol", "ing", "jas", "ker", "lan", "mor", "ness", "ock", "pre",
        "quin", "ring", "ster", "tion", "ul", "ver", "wick", "yard", "able", "com", "dis", "est", "ful", "ment",
    ],
    first_names: &[
        "Ada", "Ben", "Clara", "Dan", "Ella", "Finn", "Grace", "Hugh", "Iris", "Jack", "Kate", "Liam", "Maya", "Noah",
        "Olive", "Paul", "Rose", "Sam", "Tess", "Will", "Amara", "Kwame", "Priya", "Tariq", "Siobhan",
    ],
    last_names: &[
        "Archer", "Baker", "Cole", "Dawson", "Ellis", "Fraser", "Grant", "Hughes", "Irving", "Jones", "Knight", "Lowe",
        "Mason", "North", "Okafor", "Price", "Quinn", "Reid", "Shaw", "Turner", "Underwood", "Vance", "West", "Young",
    ],
    space: " ",
    comma: ",",
    stop: ".",
    capitals: true,
};

#[rustfmt::skip]
const GERMAN: Script = Script {
    share: 9,
    common: &[
        "der", "die", "und", "in", "den", "von", "zu", "das", "mit", "sich", "des", "auf", "für", "ist", "im", "dem",
        "nicht", "ein", "eine", "als", "auch", "es", "an", "werden", "aus", "er", "hat", "dass", "sie", "nach", "wird",
        "bei", "über", "wäre", "größer", "Straße", "Fähre", "Brücke", "müssen", "können", "schön", "Bürger", "Stadt",
        "Hafen", "Jahr",
    ],
    syllables: &[
        "ab", "be", "ge", "schaft", "keit", "ung", "ver", "zer", "haus", "stein", "wald", "grün", "käse", "müh", "löf",
        "fuß", "lich", "bar", "tal", "weg", "berg", "feld",
    ],
    first_names: &[
        "Anna", "Björn", "Claus", "Dörte", "Emil", "Frauke", "Günter", "Heike", "Ilse", "Jörg", "Käthe", "Lutz", "Marlies",
        "Nils", "Özlem", "Petra",
    ],
    last_names: &[
        "Ahrens", "Bäcker", "Claasen", "Dürr", "Eßer", "Förster", "Groß", "Höfer", "Jäger", "König", "Lübbe", "Müller",
        "Schäfer", "Weiß",
    ],
    space: " ",
    comma: ",",
    stop: ".",
    capitals: true,
};

#[rustfmt::skip]
const FRENCH: Script = Script {
    share: 8,
    common: &[
        "de", "la", "le", "et", "les", "des", "en", "un", "du", "une", "que", "est", "pour", "qui", "dans", "a", "par",
        "plus", "pas", "au", "sur", "ne", "se", "ce", "il", "sont", "où", "déjà", "très", "été", "même", "après", "école",
        "français", "élection", "ça", "île", "pêche", "maire", "forêt", "hôtel", "ville", "pont", "prix", "année",
    ],
    syllables: &[
        "é", "tion", "ment", "re", "pré", "dé", "con", "gne", "lle", "eau", "oir", "ère", "ant", "ble", "ver", "mar", "cha",
        "pou", "sou", "fer", "ô", "çon",
    ],
    first_names: &[
        "Amélie", "Benoît", "Chloé", "Denis", "Élodie", "François", "Gaëlle", "Hélène", "Inès", "Jérôme", "Léa", "Mathéo",
        "Noémie", "Rémi", "Zoé",
    ],
    last_names: &[
        "Aubert", "Bérard", "Château", "Delacroix", "Étienne", "Fabre", "Guérin", "Hébert", "Lefèvre", "Mallet", "Noël",
        "Picard", "Rivière", "Séguin",
    ],
    space: " ",
    comma: ",",
    stop: ".",
    capitals: true,
};

#[rustfmt::skip]
const POLISH: Script = Script {
    share: 4,
    common: &[
        "w", "i", "na", "z", "do", "nie", "się", "to", "że", "o", "jest", "jak", "ale", "za", "po", "co", "od", "tak", "być",
        "już", "był", "są", "też", "więc", "może", "także", "gdzie", "zły", "żeby", "łódź", "rzeka", "miasto", "cena",
        "most",
    ],
    syllables: &[
        "prze", "nie", "ość", "cza", "szy", "ski", "ło", "dź", "rze", "ście", "wy", "po", "roz", "mie", "ną", "ę", "żół",
        "ko",
    ],
    first_names: &[
        "Agnieszka", "Łukasz", "Małgorzata", "Paweł", "Stanisław", "Zofia", "Ewa", "Krzysztof", "Józef",
    ],
    last_names: &[
        "Wójcik", "Kowalczyk", "Zieliński", "Dąbrowski", "Lewandowska", "Nowak", "Piątek", "Gołąb",
    ],
    space: " ",
    comma: ",",
    stop: ".",
    capitals: true,
};

#[rustfmt::skip]
const RUSSIAN: Script = Script {
    share: 7,
    common: &[
        "и", "в", "не", "на", "я", "что", "он", "с", "как", "это", "по", "но", "они", "мы", "она", "так", "его", "то", "за",
        "только", "ещё", "уже", "был", "для", "если", "когда", "чтобы", "город", "мост", "цена", "школа", "время", "люди",
        "вода", "зима", "ночь", "улица", "год",
    ],
    syllables: &[
        "пере", "при", "ство", "ние", "ость", "ова", "тель", "ский", "раз", "под", "вод", "лес", "гра", "мо", "ри", "ца",
        "шко", "бе", "ёл", "йка",
    ],
    first_names: &[
        "Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Зоя", "Игорь", "Ксения", "Лев", "Мария",
    ],
    last_names: &[
        "Алексеев", "Белова", "Волков", "Громов", "Дёмин", "Ершова", "Зайцев", "Ильин", "Козлова", "Лебедев",
    ],
    space: " ",
    comma: ",",
    stop: ".",
    capitals: true,
};

#[rustfmt::skip]
const GREEK: Script = Script {
    share: 3,
    common: &[
        "και", "το", "να", "του", "η", "της", "με", "που", "την", "από", "για", "τα", "είναι", "των", "σε", "ο", "στο", "οι",
        "θα", "δεν", "μια", "ένα", "πόλη", "γέφυρα", "λιμάνι", "σχολείο", "τιμή", "νύχτα", "νερό",
    ],
    syllables: &[
        "κα", "λη", "μέ", "ρα", "θά", "λασ", "σα", "πο", "λί", "της", "φω", "νή", "στρο", "γός", "ξε", "ψή",
    ],
    first_names: &[
        "Άννα", "Γιώργος", "Δήμητρα", "Ελένη", "Κώστας", "Μαρία", "Νίκος", "Σοφία",
    ],
    last_names: &[
        "Αντωνίου",
        "Βασιλείου",
        "Γεωργίου",
        "Δημητρίου",
        "Ιωάννου",
        "Παπαδόπουλος",
        "Χρήστου",
    ],
    space: " ",
    comma: ",",
    stop: ".",
    capitals: true,
};

#[rustfmt::skip]
const ARABIC: Script = Script {
    share: 4,
    common: &[
        "في", "من", "على", "إلى", "أن", "ما", "هذا", "لا", "التي", "عن", "مع", "كان", "هذه", "الذي", "كل", "بعد", "قد", "هو",
        "هي", "المدينة", "الجسر", "الميناء", "المدرسة", "السعر", "الليل", "الماء", "الناس", "الشتاء",
    ],
    syllables: &[
        "ال", "مد", "رس", "كت", "اب", "حر", "ية", "سلا", "م", "نور", "بي", "تا", "فر", "جا", "شم", "قل",
    ],
    first_names: &[
        "أحمد", "بسمة", "خالد", "رانيا", "سعيد", "فاطمة", "ليلى", "محمود", "نور",
    ],
    last_names: &[
        "الأحمد",
        "الحداد",
        "الخطيب",
        "السيد",
        "الشامي",
        "المصري",
        "النجار",
    ],
    space: " ",
    comma: "،",
    stop: ".",
    capitals: false,
};

#[rustfmt::skip]
const HEBREW: Script = Script {
    share: 2,
    common: &[
        "של", "את", "על", "לא", "הוא", "זה", "עם", "כי", "היא", "גם", "אני", "או", "כל", "יש", "אם", "מה", "היה", "העיר",
        "הגשר", "הנמל", "המחיר", "הלילה", "המים", "החורף", "אנשים",
    ],
    syllables: &[
        "ב", "מש", "פט", "כת", "ים", "ות", "של", "ום", "דב", "רה", "נו", "חל", "קר", "תי",
    ],
    first_names: &["אבי", "דנה", "חנה", "יוסי", "מיכל", "נועה", "רון", "שרה"],
    last_names: &["כהן", "לוי", "מזרחי", "פרץ", "ביטון", "אברהם", "פרידמן"],
    space: " ",
    comma: ",",
    stop: ".",
    capitals: false,
};

#[rustfmt::skip]
const CHINESE: Script = Script {
    share: 4,
    common: &[
        "的", "一", "是", "不", "了", "在", "人", "有", "我", "他", "这", "个", "们", "中", "来", "上", "大", "为", "和", "国", "地", "到", "以",
        "说", "时", "要", "就", "出", "会", "可", "也", "你", "对", "生", "能", "而", "子", "那", "得", "于", "着", "下", "自", "之", "年", "过",
        "发", "后", "作", "里", "用", "道", "行", "所", "然", "家", "种", "事", "成", "方", "多", "经", "么", "去", "法", "学", "如", "都", "同",
        "现", "当", "没", "动", "面", "起", "看", "定", "天", "分", "还", "进", "好", "小", "部", "其", "些", "主", "样", "理", "心", "她", "本",
        "前", "开", "但", "因", "只", "从", "想", "实", "桥", "港", "渡", "轮", "夜", "冬", "水", "价", "市", "街",
    ],
    syllables: &[],
    first_names: &[
        "伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇",
    ],
    last_names: &["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"],
    space: "",
    comma: "，",
    stop: "。",
    capitals: false,
};

#[rustfmt::skip]
const JAPANESE: Script = Script {
    share: 3,
    common: &[
        "の", "に", "は", "を", "た", "が", "で", "て", "と", "し", "れ", "さ", "ある", "いる", "も", "する", "から", "な", "こと", "として", "い", "や",
        "れる", "など", "なっ", "ない", "この", "ため", "その", "あっ", "よう", "また", "もの", "という", "あり", "まで", "られ", "なる", "へ", "か", "だ", "これ",
        "によって", "により", "おり", "より", "による", "ず", "なり", "フェリー", "コメント", "記事", "都市", "橋", "港", "学校", "値段", "夜", "水", "冬", "人々",
        "時間",
    ],
    syllables: &[],
    first_names: &[
        "さくら", "太郎", "花子", "健", "美咲", "翔太", "陽子", "大輔",
    ],
    last_names: &[
        "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村",
    ],
    space: "",
    comma: "、",
    stop: "。",
    capitals: false,
};

/// At the end of some comments.
pub const EMOJI: [&str; 12] = [
    "🙂",
    "👍",
    "😂",
    "🤔",
    "❤️",
    "👏",
    "🙄",
    "🎉",
    "👩‍🔬",
    "🇪🇺",
    "👍🏽",
    "🌊",
];
