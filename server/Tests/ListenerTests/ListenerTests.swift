import NIOCore
import Testing

@testable import Listener

struct AddressTests {
    @Test(
        "A range holds what begins alike, and nothing else",
        arguments: [
            ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false), ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
            ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false), ("::1", "::1", true),
            ("::/0", "2001:db8::1", true), ("2001:db8::/65", "2001:db8::8000:0:0:1", false),
            ("127.0.0.0/8", "::ffff:127.0.0.1", true),
        ])
    func ranges(range: String, address: String, isInside: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(
        "What is no range is refused",
        arguments: ["", "10.0.0.0/33", "10.0.0/8", "::/129", "a.example", "10.0.0.1/", "1.2.3.4/-1"])
    func noRange(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test("A list is taken whole or not at all")
    func lists() {
        #expect(AddressRange.list("127.0.0.0/8, ::1")?.count == 2)
        #expect(AddressRange.list("127.0.0.0/8, here") == nil)
        #expect(AddressRange.list("")?.isEmpty == true)
    }

    @Test("An address of a socket is the one that was written")
    func sockets() throws {
        for text in ["192.0.2.7", "2001:db8::7"] {
            #expect(IPAddress(try SocketAddress(ipAddress: text, port: 80)) == IPAddress(text))
        }
        #expect(IPAddress(try SocketAddress(unixDomainSocketPath: "/tmp/x")) == nil)
    }

    @Test("A customer of version 6 is a network, one of version 4 an address")
    func customers() {
        #expect(IPAddress("2001:db8:1:2:3::4")?.customer == IPAddress("2001:db8:1:2::"))
        #expect(IPAddress("192.0.2.7")?.customer == IPAddress("192.0.2.7"))
    }

    @Test("A host is read without its port; what could lead elsewhere is none")
    func hosts() {
        #expect(HostName("Light.Example:8443")?.name == "light.example")
        #expect(HostName("[::1]:80")?.name == "[::1]")
        for bad in ["", "a b", "a/b", "a@b", "evil\\x", "a:99999", "[::1", "[x]", "a:b:c", "ä.example"] {
            #expect(HostName(bad) == nil, "\(bad)")
        }
    }
}

struct BodyClockTests {
    private let limits = ListenerLimits(bodyGrace: .seconds(10), bodyRate: 100, bodyPause: .seconds(30))

    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(UInt64(seconds) * 1_000_000_000) }

    @Test("A body without a byte has its grace and no more")
    func grace() {
        var clock = BodyClock(limits)
        clock.asked(at: at(0))
        #expect(clock.verdict(at: at(9)) == .fine(for: .seconds(1)))
        #expect(clock.verdict(at: at(10)) == .tooSlow)
    }

    @Test("Every hundred bytes earn a second")
    func rate() {
        var clock = BodyClock(limits)
        clock.asked(at: at(0))
        clock.received(500, at: at(9))
        clock.asked(at: at(9))
        #expect(clock.verdict(at: at(14)) == .fine(for: .seconds(1)))
        #expect(clock.verdict(at: at(15)) == .tooSlow)
    }

    @Test("Whoever has earned an hour may still not stand still")
    func pause() {
        var clock = BodyClock(limits)
        clock.asked(at: at(0))
        clock.received(1_000_000, at: at(1))
        clock.asked(at: at(1))
        #expect(clock.verdict(at: at(30)) == .fine(for: .seconds(1)))
        #expect(clock.verdict(at: at(31)) == .tooSlow)
    }

    @Test("Time in which the server didn't read counts for nobody")
    func slowServer() {
        var clock = BodyClock(limits)
        clock.asked(at: at(0))
        clock.received(1, at: at(1))
        #expect(clock.verdict(at: at(600)) != .tooSlow)
    }
}

struct RegisterTests {
    @Test("All connections and those of one address are bounded, and who leaves makes room")
    func bounds() throws {
        let register = ConnectionRegister(
            ListenerLimits(
                connections: 4, connectionsPerAddress: 2, exempt: [try #require(AddressRange("127.0.0.0/8"))]),
            of: "test")
        let one = IPAddress("192.0.2.1")
        #expect(register.admit(one) == nil)
        #expect(register.admit(one) == nil)
        #expect(register.admit(one) == .tooManyOfAddress)
        let here = IPAddress("127.0.0.1")
        #expect(register.admit(here) == nil)
        #expect(register.admit(here) == nil)
        #expect(register.admit(here) == .tooManyConnections)
        register.leave(one)
        #expect(register.admit(one) == nil)
        for address in [one, one, here, here] { register.leave(address) }
        #expect(register.counts == (0, 0))
    }

    @Test("Addresses of one network of version 6 are one")
    func networks() {
        let register = ConnectionRegister(ListenerLimits(connectionsPerAddress: 1), of: "test")
        #expect(register.admit(IPAddress("2001:db8::1")) == nil)
        #expect(register.admit(IPAddress("2001:db8::2")) == .tooManyOfAddress)
        #expect(register.admit(IPAddress("2001:db8:0:1::1")) == nil)
    }
}
