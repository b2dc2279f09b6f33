import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Synchronization
import Testing
import Workflows

@testable import WebAPI

@Suite("Event streams")
struct EventStreamTests {
    /// Writes to the channel, as the server's own does.
    private struct Writer: ResponseBodyWriter {
        let channel: NIOAsyncTestingChannel

        func write(_ buffer: ByteBuffer) async throws { try await channel.writeAndFlush(HTTPResponsePart.body(buffer)) }
        func write(contentsOf buffers: some Sequence<ByteBuffer>) async throws {
            for buffer in buffers { try await write(buffer) }
        }
        consuming func finish(_ trailers: HTTPFields?) async throws {
            try await channel.writeAndFlush(HTTPResponsePart.end(trailers))
        }
    }

    private static func board(mostWaiting: Int, on channel: NIOAsyncTestingChannel) -> (EventStream<Int>, Watcher<Int>)
    {
        let stream = EventStream<Int>(on: channel, mostWaiting: mostWaiting) { (number: Int, buffer) in
            try buffer.writeEvent("number", id: number, data: [number])
        }
        return (stream, stream.watcher)
    }

    private static func read(_ channel: NIOAsyncTestingChannel) async throws -> String {
        var text = ""
        while let part = try await channel.readOutbound(as: HTTPResponsePart.self) {
            switch part {
            case .body(let bytes): text += String(buffer: bytes)
            case .end: text += "END"
            case .head: text += "HEAD"
            }
        }
        return text
    }

    @Test("What comes before it is read, while it is read and the end are sent in order")
    func order() async throws {
        let channel = NIOAsyncTestingChannel()
        let (stream, watcher) = Self.board(mostWaiting: 8, on: channel)
        watcher.show(1)
        watcher.show(2)
        let response = stream.response(holding: Watch {})
        async let written: Void = response.body.write(Writer(channel: channel))
        watcher.show(3)
        watcher.finish()
        watcher.show(4)
        try await written
        let events = (1...3).map { "id: \($0)\nevent: number\ndata: [\($0)]\n\n" }
        #expect(try await Self.read(channel) == "retry: 1000\n\n" + events.joined() + "END")
    }

    @Test("Of what a slow reader hasn't taken only the newest is kept")
    func slow() async throws {
        let channel = NIOAsyncTestingChannel()
        let (stream, watcher) = Self.board(mostWaiting: 3, on: channel)
        for number in 1...10 { watcher.show(number) }
        watcher.finish()
        try await stream.response(holding: Watch {}).body.write(Writer(channel: channel))
        let text = try await Self.read(channel)
        #expect(text.matches(of: /id: (\d+)/).map { Int($0.1) } == [8, 9, 10])
    }

    @Test("A reader that goes away ends the stream, and its place on the board is free")
    func gone() async throws {
        let channel = NIOAsyncTestingChannel()
        try await channel.connect(to: try SocketAddress(unixDomainSocketPath: "/nowhere"))
        let (stream, watcher) = Self.board(mostWaiting: 3, on: channel)
        let left = Mutex(false)
        await withTaskGroup { group in
            let response = stream.response(holding: Watch { left.withLock { $0 = true } })
            group.addTask { try? await response.body.write(Writer(channel: channel)) }
            group.addTask { try? await channel.close() }
        }
        watcher.show(1)
        #expect(left.withLock { $0 })
    }

    @Test("What is written by hand is what the encoder writes", arguments: Analysis.State.allCases)
    func body(_ state: Analysis.State) throws {
        let id = AnalysisID.make(at: Date(timeIntervalSince1970: 1_700_000_000))
        for hold in [nil] + Hold.allCases.map(Optional.some) {
            for (position, seconds) in [(nil, nil), (1, 0), (12_345, 67)] as [(Int?, Int?)] {
                let progress = ProgressBody(
                    AnalysisProgress(
                        id: id, state: state, position: position, etaSeconds: seconds, hold: hold, attempt: 2,
                        revision: 1_000_007))
                var buffer = ByteBuffer()
                progress.write(to: &buffer)
                #expect(String(buffer: buffer) == String(decoding: try JSON.bytes(progress), as: UTF8.self))
            }
        }
    }
}
