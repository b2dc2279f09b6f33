import Domain
import Foundation
import Glibc
import Testing
import WorkerProtocol

/// Serialized, because descriptors of the whole process are counted.
@Suite("The channel between server and worker", .serialized)
struct FrameChannelTests {
    static func connected() throws -> (FrameChannel, FrameChannel) {
        let (here, there) = try FrameChannel.pair()
        return (FrameChannel(taking: here), FrameChannel(taking: there))
    }

    static var openDescriptors: Set<String> {
        get throws { Set(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) }
    }

    static let request = WorkerRequest.inspect(id: 7, limits: .standard, previewEdges: [64])
    static var soon: ContinuousClock.Instant { .now + .seconds(10) }

    static func write(_ bytes: [UInt8], to channel: FrameChannel) {
        #expect(Glibc.write(channel.descriptor, bytes, bytes.count) == bytes.count)
    }

    @Test("A picture's descriptor comes through with its request, and both see the same bytes")
    func descriptor() throws {
        let (server, worker) = try Self.connected()
        let file = try PictureBytes.sealedFile([1, 2, 3, 4])
        defer { close(file) }
        try server.send(WorkerFrame(Self.request), passing: file, deadline: Self.soon)
        let (frame, received) = try worker.receiveWithDescriptor(WorkerRequest.self, deadline: Self.soon)
        defer { close(received) }
        #expect(frame.message == Self.request)
        #expect(received != file)
        #expect(try PictureBytes(descriptor: received, limits: .standard).withBytes(Array.init) == [1, 2, 3, 4])
    }

    @Test("A request without a descriptor, and a reply with one, are refused")
    func wrongDescriptors() throws {
        let (server, worker) = try Self.connected()
        try server.send(WorkerFrame(Self.request), deadline: Self.soon)
        let missing = try #require(throws: WorkerProtocolFault.self) {
            try worker.receiveWithDescriptor(WorkerRequest.self, deadline: Self.soon)
        }
        #expect(missing.code == .malformed)

        let file = try PictureBytes.sealedFile([1])
        defer { close(file) }
        try worker.send(WorkerFrame(WorkerReply.rendered(id: 1)), passing: file, deadline: Self.soon)
        let surplus = try #require(throws: WorkerProtocolFault.self) {
            try server.receive(WorkerReply.self, deadline: Self.soon)
        }
        #expect(surplus.code == .malformed)
    }

    @Test("No descriptor is left open, whatever goes wrong")
    func leaks() throws {
        let before = try Self.openDescriptors
        for round in 0..<20 {
            let (server, worker) = try Self.connected()
            let file = try PictureBytes.sealedFile([1, 2, 3])
            switch round % 4 {
            case 0:
                try server.send(WorkerFrame(Self.request), passing: file, deadline: Self.soon)
                close(try worker.receiveWithDescriptor(WorkerRequest.self, deadline: Self.soon).descriptor)
            case 1:
                // A descriptor beside a reply where a request is awaited.
                try server.send(WorkerFrame(WorkerReply.rendered(id: 1)), passing: file, deadline: Self.soon)
                #expect(throws: WorkerProtocolFault.self) {
                    try worker.receiveWithDescriptor(WorkerRequest.self, deadline: Self.soon)
                }
            case 2:
                try server.send(WorkerFrame(WorkerReply.rendered(id: 1)), passing: file, deadline: Self.soon)
                #expect(throws: WorkerProtocolFault.self) {
                    try worker.receive(WorkerReply.self, deadline: Self.soon)
                }
            default:
                // Sent, and never taken.
                try server.send(WorkerFrame(Self.request), passing: file, deadline: Self.soon)
            }
            close(file)
            server.close()
            worker.close()
        }
        #expect(try Self.openDescriptors == before)
    }

    @Test("The end of the other side is told, between frames and in the middle of one", arguments: [0, 4, 8, 12])
    func closed(after count: Int) throws {
        let (server, worker) = try Self.connected()
        Self.write(Array(try WorkerFrame(Self.request).encoded().prefix(count)), to: server)
        server.close()
        let fault = try #require(throws: WorkerProtocolFault.self) {
            try worker.receive(WorkerRequest.self, deadline: Self.soon)
        }
        #expect(fault.code == .closed)
    }

    @Test("Nobody is waited for longer than the deadline")
    func deadline() throws {
        let (server, worker) = try Self.connected()
        Self.write(Array(try WorkerFrame(Self.request).encoded().prefix(20)), to: server)
        let fault = try #require(throws: WorkerProtocolFault.self) {
            try worker.receive(WorkerRequest.self, deadline: .now + .milliseconds(20))
        }
        #expect(fault.code == .timedOut)
    }

    @Test("A sender isn't held up for ever by who doesn't read")
    func fullSocket() throws {
        let (server, worker) = try Self.connected()
        let long = WorkerFrame(
            WorkerReply.rendered(id: 1),
            attachments: [WorkerAttachment(name: "a", bytes: [UInt8](repeating: 0, count: 8 << 20))])
        let fault = try #require(throws: WorkerProtocolFault.self) {
            try server.send(long, deadline: .now + .milliseconds(50))
        }
        #expect(fault.code == .timedOut)
        withExtendedLifetime(worker) {}
    }

    @Test("A length that lies is refused from the header alone")
    func lies() throws {
        let (server, worker) = try Self.connected()
        Self.write([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], to: server)
        let fault = try #require(throws: WorkerProtocolFault.self) {
            try worker.receive(WorkerRequest.self, deadline: Self.soon)
        }
        #expect(fault.code == .tooLong)
    }

    @Test("Eight megabytes come through, cut as the socket likes")
    func large() throws {
        let (server, worker) = try Self.connected()
        let frame = WorkerFrame(
            WorkerReply.rendered(id: 1),
            attachments: [WorkerAttachment(name: "a", bytes: (0..<(8 << 20)).map { UInt8($0 & 0xff) })])
        let copy = dup(server.descriptor)
        let sender = Thread {
            #expect(throws: Never.self) { try FrameChannel(taking: copy).send(frame, deadline: Self.soon) }
        }
        sender.start()
        #expect(try worker.receive(WorkerReply.self, deadline: Self.soon) == frame)
    }
}

@Suite("A picture's bytes")
struct PictureBytesTests {
    static func limits(_ bytes: Int) -> PictureLimits {
        var limits = PictureLimits.standard
        limits.maxBytes = bytes
        return limits
    }

    @Test("A file on disk is read whole, an empty one is empty")
    func files() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        defer { unlink(path) }
        for bytes in [[], [UInt8](repeating: 5, count: 100_000)] {
            try Data(bytes).write(to: URL(filePath: path))
            let descriptor = open(path, O_RDONLY)
            defer { close(descriptor) }
            #expect(try PictureBytes(descriptor: descriptor, limits: .standard).withBytes(Array.init) == bytes)
        }
    }

    @Test("Its size alone refuses a file that is too large")
    func tooLarge() throws {
        let file = try PictureBytes.sealedFile([UInt8](repeating: 0, count: 11))
        defer { close(file) }
        let fault = try #require(throws: PictureFault.self) {
            try PictureBytes(descriptor: file, limits: Self.limits(10))
        }
        #expect(fault.code == .pictureTooLarge)
        #expect(try PictureBytes(descriptor: file, limits: Self.limits(11)).count == 11)
    }

    @Test("What is no file isn't read", arguments: ["/dev/zero", "/", "/proc/self/fd"])
    func noFile(path: String) throws {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        let fault = try #require(throws: PictureFault.self) {
            try PictureBytes(descriptor: descriptor, limits: .standard)
        }
        #expect(fault.code == .damagedPicture)
    }

    @Test("Nobody can change the bytes of a sealed file")
    func sealed() throws {
        let file = try PictureBytes.sealedFile([1, 2, 3])
        defer { close(file) }
        #expect(pwrite(file, [9], 1, 0) == -1)
        #expect(ftruncate(file, 0) == -1)
    }

    @Test("A file that becomes shorter while it is read ends in zeros, and its reader goes on")
    func shrinks() throws {
        #expect(PictureBytes.guardMappings())
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        defer { unlink(path) }
        try Data([UInt8](repeating: 5, count: 1 << 20)).write(to: URL(filePath: path))
        let descriptor = open(path, O_RDWR)
        defer { close(descriptor) }
        let file = try PictureBytes(descriptor: descriptor, limits: .standard)
        #expect(ftruncate(descriptor, 10) == 0)
        let read = file.withBytes { [UInt8]($0) }
        #expect(read.count == 1 << 20)
        #expect(Array(read.prefix(12)) == [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 0])
        #expect(read.last == 0)
    }

    @Test("Bytes that were released are read again where they are needed again", arguments: [false, true])
    func released(isSealed: Bool) throws {
        #expect(PictureBytes.guardMappings())
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        try Data(bytes).write(to: URL(filePath: path))
        let descriptor = isSealed ? try PictureBytes.sealedFile(bytes) : open(path, O_RDONLY)
        unlink(path)
        defer { close(descriptor) }
        let file = try PictureBytes(descriptor: descriptor, limits: .standard)
        #expect(file.withBytes(Array.init) == bytes)
        file.release()
        #expect(file.withBytes(Array.init) == bytes)
    }
}
