import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Listener
import NIOCore
import Synchronization
import Testing
import Workflows

@testable import WebAPI

struct RateLimiterTests {
    /// A clock that is moved by hand.
    private final class Hand: Sendable {
        let seconds = Mutex(0.0)
        func move(_ by: Double) { seconds.withLock { $0 += by } }
        var now: Int64 { seconds.withLock { Int64($0 * 1_000_000_000) } }
    }

    private let key = RateLimiter.Key(policy: 1, high: 2, low: 3)
    private let quota = RateLimits.Quota(10, per: 60)

    @Test("A bucket gives what is in it, then refuses, and fills again evenly")
    func bucket() {
        let hand = Hand()
        let limiter = RateLimiter(now: { hand.now })
        for left in (0...9).reversed() {
            #expect(limiter.take(key, quota) == .allowed(left: left, seconds: 60 - left * 6))
        }
        #expect(limiter.take(key, quota) == .refused(seconds: 6))
        hand.move(5.9)
        #expect(limiter.take(key, quota) == .refused(seconds: 1))
        hand.move(0.1)
        #expect(limiter.take(key, quota) == .allowed(left: 0, seconds: 60))
        hand.move(3600)
        #expect(limiter.take(key, quota) == .allowed(left: 9, seconds: 6))
    }

    @Test("Everybody has a bucket of their own")
    func apart() {
        let limiter = RateLimiter(now: { 0 })
        let one = RateLimits.Quota(1, per: 60)
        #expect(limiter.take(key, one) == .allowed(left: 0, seconds: 60))
        #expect(limiter.take(.init(policy: 1, high: 2, low: 4), one) == .allowed(left: 0, seconds: 60))
        #expect(limiter.take(.init(policy: 2, high: 2, low: 3), one) == .allowed(left: 0, seconds: 60))
        #expect(limiter.take(key, one) == .refused(seconds: 60))
    }

    @Test("A million strangers take no more memory than a bound, and who keeps asking isn't forgotten")
    func bounded() {
        let limiter = RateLimiter(longest: 1000, now: { 0 })
        let one = RateLimits.Quota(1, per: 60)
        _ = limiter.take(key, one)
        var forgiven = 0
        for stranger in 0..<20_000 {
            _ = limiter.take(.init(policy: 1, high: 9, low: UInt64(stranger)), quota)
            if stranger % 100 == 0, limiter.take(key, one) != .refused(seconds: 60) { forgiven += 1 }
            #expect(limiter.count <= 2000)
        }
        #expect(forgiven == 0)
    }

    @Test("Routes that cost more have buckets of their own")
    func kinds() {
        #expect(RateLimits.kind(.post, "/api/v1/session") == .sessions)
        #expect(RateLimits.kind(.post, "/api/v1/session/extend") == .writes)
        #expect(RateLimits.kind(.get, "/api/v1/session") == .reads)
        #expect(RateLimits.kind(.post, "/api/v1/uploads") == .uploads)
        #expect(RateLimits.kind(.patch, "/api/v1/uploads/tus/{reception}") == .writes)
        #expect(RateLimits.kind(.post, "/api/v1/conversations/{conversation}/messages") == .messages)
        #expect(RateLimits.standard.scaled(0).quotas.isEmpty)
        #expect(RateLimits.standard.scaled(10).quotas[.reads]?.session == RateLimits.Quota(600, per: 60))
    }
}

struct SessionCookieTests {
    private func token(_ fields: String..., secure: Bool = false) -> String? {
        var headers = HTTPFields()
        for field in fields { headers.append(HTTPField(name: .cookie, value: field)) }
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "a", path: "/", headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
        return SessionCookie.token(in: request, secure: secure)
    }

    @Test("The token is found among other cookies, under its whole name only")
    func names() {
        let value = SessionCookie.makeToken()
        #expect(token("lightbox=\(value)") == value)
        #expect(token("a=b; lightbox=\(value); c=d") == value)
        #expect(token("a=b", " \tlightbox=\(value);") == value)
        #expect(token("__Host-lightbox=\(value)", secure: true) == value)
        #expect(token("__Host-lightbox=\(value)") == nil)
        #expect(token("lightbox=\(value)", secure: true) == nil)
        #expect(token("lightbox2=\(value)") == nil)
        #expect(token("Lightbox=\(value)") == nil)
        #expect(token("lightbox = \(value)") == nil)
        #expect(token() == nil)
    }

    @Test("What can't be a token is none, and the first of the name counts")
    func values() {
        let value = SessionCookie.makeToken()
        #expect(token("lightbox=\(value)x") == nil)
        #expect(token("lightbox=\(value.dropLast())") == nil)
        #expect(token("lightbox") == nil)
        #expect(token("lightbox=; lightbox=\(value)") == nil)
        #expect(token("lightbox=\(value)", "lightbox=\(SessionCookie.makeToken())") == value)
    }
}

struct CallerTests {
    private func caller(
        _ headers: HTTPFields, from peer: String, trusting ranges: String,
        _ header: TrustedProxies.Header = .xForwardedFor
    ) throws -> Caller {
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "a", path: "/", headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
        return TrustedProxies(try #require(AddressRange.list(ranges)), header: header)
            .caller(of: request, from: try SocketAddress(ipAddress: peer, port: 1))
    }

    private func fields(_ name: String, _ values: String...) -> HTTPFields {
        var fields = HTTPFields()
        for value in values { fields.append(HTTPField(name: HTTPField.Name(name)!, value: value)) }
        return fields
    }

    @Test("What a stranger says about where it comes from is ignored")
    func strangers() throws {
        var headers = fields("X-Forwarded-For", "198.51.100.1")
        headers[HTTPField.Name("X-Forwarded-Proto")!] = "https"
        for ranges in ["", "10.0.0.0/8"] {
            let caller = try caller(headers, from: "192.0.2.7", trusting: ranges)
            #expect(caller.address == IPAddress("192.0.2.7"))
            #expect(caller.isSecure == nil)
        }
    }

    @Test("Of what proxies say, the rightmost stranger counts, whatever stands left of it")
    func proxies() throws {
        let headers = fields("X-Forwarded-For", "1.1.1.1, 198.51.100.1", "10.0.0.2")
        #expect(try caller(headers, from: "10.0.0.1", trusting: "10.0.0.0/8").address == IPAddress("198.51.100.1"))
        let only = fields("X-Forwarded-For", "10.0.0.9")
        #expect(try caller(only, from: "10.0.0.1", trusting: "10.0.0.0/8").address == IPAddress("10.0.0.9"))
        let broken = fields("X-Forwarded-For", "198.51.100.1, unknown")
        #expect(try caller(broken, from: "10.0.0.1", trusting: "10.0.0.0/8").address == .unknown)
        let port = fields("X-Forwarded-For", "198.51.100.1:4711")
        #expect(try caller(port, from: "10.0.0.1", trusting: "10.0.0.0/8").address == IPAddress("198.51.100.1"))
    }

    @Test("Only the header that was named is read")
    func headers() throws {
        var both = fields("X-Forwarded-For", "198.51.100.1")
        both[HTTPField.Name("Forwarded")!] = #"for="[2001:db8::5]:80";proto=https, for=10.0.0.3"#
        #expect(try caller(both, from: "10.0.0.1", trusting: "10.0.0.0/8").address == IPAddress("198.51.100.1"))
        let other = try caller(both, from: "10.0.0.1", trusting: "10.0.0.0/8", .forwarded)
        #expect(other.address == IPAddress("2001:db8::5"))
        #expect(other.isSecure == true)
    }

    @Test(
        "Somebody whom a proxy names unreadably isn't the proxy, but one of all who can't be told apart",
        arguments: [
            (TrustedProxies.Header.xForwardedFor, "nonsense"), (.xForwardedFor, "198.51.100.1, _hidden"),
            (.xForwardedFor, "198.51.100.1, 1.2.3"), (.forwarded, "for=unknown"),
            (.forwarded, "for=198.51.100.1, for=_x;proto=https"),
        ])
    func unreadable(header: TrustedProxies.Header, said: String) throws {
        let name = header == .forwarded ? "Forwarded" : "X-Forwarded-For"
        let address = try caller(fields(name, said), from: "127.0.0.1", trusting: "127.0.0.1", header).address
        #expect(address == .unknown)
        #expect(AddressRange.loopback.allSatisfy { $0.contains(.unknown) == false })
    }

    @Test("A proxy tells how it was asked")
    func scheme() throws {
        for (said, isSecure) in [("https", true), ("http", false), ("HTTPS", true), ("http,https", true)] {
            let caller = try caller(fields("X-Forwarded-Proto", said), from: "10.0.0.1", trusting: "10.0.0.1")
            #expect(caller.isSecure == isSecure)
        }
    }
}

struct StreamPlacesTests {
    @Test("A session has so many places, and one is free again when its stream is gone")
    func places() throws {
        let places = StreamPlaces(most: 2)
        let (one, other) = (SessionID(uuid: UUID()), SessionID(uuid: UUID()))
        var held = [try #require(places.take(for: one)), try #require(places.take(for: one))]
        #expect(places.take(for: one) == nil)
        #expect(places.take(for: other) != nil)
        held.removeLast()
        #expect(places.count == 1)
        #expect(places.take(for: one) != nil)
        held = []
        #expect(places.count == 0)
    }
}

struct HealthDeskTests {
    /// A clock that is moved by hand, and a look that counts and waits until it is let go.
    private final class Hand: Sendable {
        let time = Mutex(ContinuousClock.now)
        let looks = Mutex(0)
        let (gate, latch) = AsyncStream<Void>.makeStream()

        func move(_ by: Duration) { time.withLock { $0 += by } }

        @Sendable func look() async -> [HealthCheck] {
            looks.withLock { $0 += 1 }
            for await _ in gate { break }
            return [HealthCheck("database")]
        }
    }

    @Test("All who ask at once share one look, and so do those who ask within the second after it")
    func shared() async {
        let hand = Hand()
        let desk = HealthDesk(lasting: .seconds(1), now: { hand.time.withLock { $0 } }, look: hand.look)
        await withTaskGroup { group in
            for _ in 0..<50 { group.addTask { await desk.checks().count } }
            hand.latch.yield()
            for await count in group { #expect(count == 1) }
        }
        #expect(hand.looks.withLock { $0 } == 1)
        hand.move(.milliseconds(999))
        _ = await desk.checks()
        #expect(hand.looks.withLock { $0 } == 1)
        hand.move(.milliseconds(1))
        hand.latch.yield()
        _ = await desk.checks()
        #expect(hand.looks.withLock { $0 } == 2)
    }

    @Test("A look goes on for the others when whoever came first goes away")
    func calledOff() async {
        let hand = Hand()
        let desk = HealthDesk(now: { hand.time.withLock { $0 } }, look: hand.look)
        let first = Task { await desk.checks() }
        while hand.looks.withLock({ $0 }) == 0 { await Task.yield() }
        first.cancel()
        hand.latch.yield()
        #expect(await desk.checks() == [HealthCheck("database")])
        #expect(hand.looks.withLock { $0 } == 1)
    }
}

struct ClientErrorTests {
    @Test(
        "Of a message its form stays, and nothing that may have been typed",
        arguments: [
            ("Cannot read properties of undefined (reading 'Peter')", "Cannot read properties of undefined"),
            ("can't access property \"lymphoma\", e is null", "can't access property … of null"),
            ("undefined is not an object (evaluating 'e.lymphoma')", "undefined is not an object"),
            ("Peter Meier is not a function", "… is not a function"),
            ("e.map is not a function. (In 'e.map(f)', 'e.map' is undefined)", "… is not a function"),
            ("Lymphoma is not defined", "… is not defined"), ("Can't find variable: lymphoma", "… is not defined"),
            ("Cannot access 'Peter' before initialization", "Cannot access … before initialization"),
            (#"Unexpected token 'P', "Peter Meie"... is not valid JSON"#, "Unexpected token in JSON"),
            ("Unexpected token P in JSON at position 0", "Unexpected token in JSON"),
            ("JSON.parse: unexpected character at line 1 column 1 of the JSON data", "Unexpected token in JSON"),
            ("Failed to fetch", "Failed to fetch"),
            (
                "Failed to fetch dynamically imported module: https://h/assets/FilmDesk-GKZCPDOV.js?Peter",
                "Failed to fetch a dynamically imported module"
            ),
            ("Failed to execute 'removeChild' on 'Node': Peter Meier", "Failed to execute …"),
            ("Minified React error #418; visit https://react.dev/errors/418?args[]=Peter", "Minified React error #418"),
            ("toFixed() digits argument must be between 0 and 100", "a number's digits must be between …"),
            ("useSession stands outside of SessionProvider", "a hook stands outside of its provider"),
            ("cannot render Peter Meier aus Oberhausen with lymphoma", ClientErrorMask.unknown),
            ("Peter is undefined because of lymphoma", ClientErrorMask.unknown), ("", ClientErrorMask.unknown),
            ("it broke\nis not a function of Peter", ClientErrorMask.unknown),
        ])
    func messages(message: String, masked: String) {
        #expect(ClientErrorMask.message(message) == masked)
    }

    @Test("Of a stack only the places in our own files stay")
    func stacks() {
        let stack = """
            Error: Peter Meier, 54
                at readAnswer (https://host.example/assets/main-O762SMNC.js:1:2345)
                at https://host.example/assets/chunk-4KNDRWKO.js:2:3
                at Peter Meier (https://host.example/?name=peter)
                at Peter (https://host.example/assets/late.de-EKI22M4F.js:5:6)
            render@https://host.example/assets/FilmDesk-5Z3PTO6O.js:3:4
            """
        #expect(
            ClientErrorMask.stack(stack) == """
                at main-O762SMNC.js:1:2345
                at chunk-4KNDRWKO.js:2:3
                at late.de-EKI22M4F.js:5:6
                at FilmDesk-5Z3PTO6O.js:3:4
                """)
    }

    @Test("A path keeps its page and loses the rest")
    func paths() {
        #expect(ClientErrorMask.path("/analyses/0198-abc/report?name=anna#x") == "/analyses/:id/:id")
        #expect(ClientErrorMask.path("/history/allergies") == "/history/:id")
        #expect(ClientErrorMask.path("/Peter/Meier") == "/:id/:id")
        #expect(ClientErrorMask.path("/picture/history") == "/picture/:id")
        #expect(ClientErrorMask.path("") == "/")
    }

    @Test("Names that are no names are left out, and a thousand lines are thirty")
    func bounds() {
        let long = (1...1000).map { "at f (https://h/assets/a-ABCDEFGH.js:\($0):1)" }.joined(separator: "\n")
        let report = ClientErrorReport(
            name: "Peter", message: "x", component: "Peter Meier", stack: long, requestId: "1", path: nil
        ).masked()
        #expect(report.name == nil)
        #expect(report.component == nil)
        #expect(report.requestId == nil)
        #expect(report.stack?.split(separator: "\n").count == 30)
        let known = ClientErrorReport(
            name: "TypeError", message: "x", component: "part", stack: nil, requestId: nil, path: nil
        ).masked()
        #expect(known.title == "TypeError: \(ClientErrorMask.unknown)")
        #expect(known.component == "part")
    }
}

struct ProblemTests {
    @Test("However many mistakes a request has, the answer tells a bounded number and how many there are")
    func bounded() throws {
        let faults = (0..<20_000).map { FieldFault(pointer: "/ids/\($0)", code: .wrongType, detail: "No.") }
        let text = Problem(.validationFailed, "No.", faults: faults).text(requestID: "x")
        #expect(text.utf8.count < 20_000)
        #expect(text.contains(#""errorCount":20000"#))
        #expect(
            !Problem(.validationFailed, "No.", faults: Array(faults.prefix(3))).text(requestID: "").contains(
                "errorCount"))
    }
}
