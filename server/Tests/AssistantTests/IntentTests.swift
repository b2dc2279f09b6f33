import Assistant
import Testing

@Suite struct IntentTests {
    @Test func namesAreKebabCaseAndDistinct() {
        #expect(Intent.allCases.count >= 60)
        for intent in Intent.allCases { #expect(intent.rawValue.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil) }
    }
}
