import Domain

/// A language other than English in which a question is asked: enough to say in it where to call, and that answers are
/// English.
struct ForeignLanguage: Sendable, Equatable {
    let code: String
    private let sentence: String

    func reply(_ emergencyNumber: String) -> AnswerSentence {
        AnswerSentence(
            sentence.replacing("112", with: emergencyNumber), evidence: [ProgramFact.assistant.evidence])
    }

    /// nil for English, for what is too short to tell, and for languages that aren't known here.
    init?(_ text: String) {
        let letters = text.unicodeScalars.filter(\.properties.isAlphabetic)
        guard letters.count >= 3 else { return nil }
        func share(_ range: ClosedRange<UInt32>) -> Double {
            Double(letters.filter { range.contains($0.value) }.count) / Double(letters.count)
        }
        let code: String
        if share(0x0600...0x06FF) > 0.5 {
            code = "ar"
        } else if share(0x0400...0x04FF) > 0.5 {
            code = Self.isUkrainian(text.lowercased()) ? "uk" : "ru"
        } else if let latin = Self.latin(text) {
            code = latin
        } else {
            return nil
        }
        guard let sentence = Self.replies[code] else { return nil }
        self.code = code
        self.sentence = sentence
    }

    /// By the letters that Russian doesn't have, or by common words without them.
    private static func isUkrainian(_ text: String) -> Bool {
        text.contains { "іїєґ".contains($0) }
            || text.split { !$0.isLetter }.contains { ["мене", "що", "як", "чи", "це", "ваше", "хворий"].contains($0) }
    }

    /// By the commonest words and by letters that only one of the languages has. Two signs are needed, and more than
    /// there are English words.
    private static func latin(_ text: String) -> String? {
        let words = text.lowercased().split { !$0.isLetter && $0 != "'" && $0 != "’" }.map(String.init)
            .flatMap { $0.split { "'’".contains($0) }.map(String.init) }
        let english = words.filter(Self.english.contains).count
        let scored = Self.words.map { code, known, marks in
            (
                code: code,
                score: words.filter(known.contains).count + (text.lowercased().contains { marks.contains($0) } ? 1 : 0)
            )
        }.max { $0.score < $1.score }
        guard let scored, scored.score > english,
            scored.score >= 2 || words.count == scored.score && words.joined().count >= 5
        else { return nil }
        return scored.code
    }

    private static let english: Set<String> = [
        "the", "a", "is", "are", "what", "how", "why", "my", "i", "do", "does", "have", "has", "it", "you", "can", "in",
        "of", "to", "and", "me", "this", "that", "there", "with", "on", "for", "not", "no", "am", "be", "was", "did",
        "come", "as", "back", "later",
    ]

    /// Code, common words, and letters of that language alone.
    private static let words: [(String, Set<String>, String)] = [
        (
            "de",
            [
                "ich", "habe", "ist", "das", "der", "die", "und", "nicht", "was", "wie", "warum", "mein", "meine",
                "ein",
                "eine", "kann", "darf", "muss", "krebs", "bild", "haben", "auf", "mit", "für", "zeigt", "bedeutet",
                "bin", "mir", "sie", "es", "zum", "arzt", "wann", "soll", "jetzt", "hat", "sprechen", "deutsch",
            ], "ß"
        ),
        (
            "fr",
            [
                "je", "j", "ai", "est", "le", "la", "les", "un", "une", "des", "du", "que", "qu", "ce", "mon", "ma",
                "mes", "dois", "puis", "pas", "pourquoi", "comment", "avec", "pour", "sur", "il", "elle", "quoi",
                "cancer", "signifie", "montre", "médecin", "c", "parlez", "vous", "français", "suis", "dans",
            ], "çœ"
        ),
        (
            "es",
            [
                "yo", "tengo", "es", "el", "la", "los", "las", "un", "una", "qué", "que", "cómo", "como", "por", "mi",
                "mis", "puedo", "debo", "cáncer", "no", "en", "muestra", "significa", "médico", "está", "hay", "para",
                "del", "con", "se", "lo", "habla", "español", "radiografía", "grave", "hacer",
            ], "ñ¿¡"
        ),
        (
            "it",
            [
                "ho", "è", "il", "lo", "la", "gli", "un", "una", "che", "cosa", "come", "perché", "mio", "mia",
                "posso", "devo", "cancro", "non", "nel", "mostra", "significa", "medico", "di", "sono", "per", "della",
                "con", "questo", "parla", "italiano", "radiografia", "grave", "fare", "tumore",
            ], "ì"
        ),
        (
            "pt",
            [
                "eu", "tenho", "é", "o", "os", "um", "uma", "que", "como", "por", "meu", "minha", "posso", "devo",
                "câncer", "cancro", "não", "mostra", "significa", "médico", "está", "há", "para",
                "da", "com", "você", "fala", "português", "radiografia", "grave", "fazer", "isso",
            ], "ãõ"
        ),
        (
            "tr",
            [
                "ben", "bu", "ne", "nasıl", "neden", "mı", "mi", "mu", "mü", "var", "yok", "bir", "için", "ve",
                "kanser",
                "miyim", "röntgen", "doktor", "demek", "anlama", "geliyor", "yapmalıyım", "akciğer", "bende", "benim",
                "ilaç", "alabilir", "türkçe", "biliyor", "musun", "resim", "ciddi", "gösteriyor",
            ], "ğış"
        ),
        (
            "pl",
            [
                "ja", "mam", "jest", "to", "co", "jak", "dlaczego", "czy", "mój", "moje", "moja", "mogę", "muszę",
                "nie",
                "na", "w", "z", "się", "rak", "raka", "lekarz", "lekarza", "oznacza", "zdjęcie", "zdjęciu", "zdjęcia",
                "pokazuje", "mówisz", "polsku", "po", "robić", "teraz",
            ], "łęąśżźń"
        ),
    ]

    /// Written like the rest of the library; 112 stands for the number of the place.
    private static let replies: [String: String] = [
        "de":
            "**Im Notfall rufen Sie 112 an.** Ich antworte nur auf Englisch. Bitte fragen Sie auf Englisch, oder lassen Sie sich von jemandem helfen, der Englisch kann.",
        "fr":
            "**En cas d'urgence, appelez le 112.** Je réponds seulement en anglais. Posez votre question en anglais, ou faites-vous aider par quelqu'un qui parle anglais.",
        "es":
            "**En una emergencia, llame al 112.** Solo respondo en inglés. Pregunte en inglés, o pida ayuda a alguien que hable inglés.",
        "it":
            "**In caso di emergenza chiami il 112.** Rispondo solo in inglese. Faccia la domanda in inglese, o chieda aiuto a qualcuno che parla inglese.",
        "pt":
            "**Em caso de emergência, ligue para o 112.** Só respondo em inglês. Pergunte em inglês, ou peça ajuda a alguém que fale inglês.",
        "tr":
            "**Acil durumda 112'yi arayın.** Yalnızca İngilizce yanıt veriyorum. Lütfen İngilizce sorun ya da İngilizce bilen birinden yardım isteyin.",
        "ar":
            "**في حالة الطوارئ اتصل بالرقم 112.** أجيب باللغة الإنجليزية فقط. اسأل بالإنجليزية، أو اطلب المساعدة من شخص يتحدث الإنجليزية.",
        "pl":
            "**W nagłym wypadku zadzwoń pod numer 112.** Odpowiadam tylko po angielsku. Zadaj pytanie po angielsku albo poproś o pomoc kogoś, kto zna angielski.",
        "ru":
            "**В экстренном случае звоните по номеру 112.** Я отвечаю только на английском языке. Задайте вопрос на английском или попросите о помощи того, кто знает английский.",
        "uk":
            "**У невідкладному випадку телефонуйте за номером 112.** Я відповідаю лише англійською. Поставте запитання англійською або попросіть про допомогу того, хто знає англійську.",
    ]
}
