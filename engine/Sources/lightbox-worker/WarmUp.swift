import Archives
import CSandbox
import Domain
import Glibc
import ImageDecoding
import Inference
import TextReading
import WorkerProtocol

/// Goes every way once before the sandbox closes, so that what libraries open, compile or start on first use is there.
struct WarmUp {
    let jobs: JobLoop

    /// `description` is a sentence for operators.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    func run() throws(Fault) {
        guard PictureDecoder.prepareProcess() else { throw Fault(description: "The picture libraries cannot start.") }
        guard PictureBytes.guardMappings() else { throw Fault(description: "Signals of lost pages cannot be caught.") }
        let pictures = try drawnPictures()
        let half = Array(pictures[1].prefix(pictures[1].count / 2))
        for file in pictures + [half, Array("no picture".utf8)] { try analyse(file) }
        try startThreads()
        try encode()
        ZipArchive.prepareProcess()
        try readOthers()
    }

    /// What requests about archives and letters load on first use.
    private func readOthers() throws(Fault) {
        if let texts = jobs.texts, !texts.warmUp() { throw Fault(description: "The first search for letters failed.") }
        // One file that is stored, with a name that is said to be UTF-8 (APPNOTE.TXT 4.3).
        let name = Array("ä".utf8)
        let sizes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(name.count), 0, 0, 0]
        let shared: [UInt8] = [20, 0, 0, 8, 0, 0, 0, 0, 0, 0] + sizes
        let local = Array("PK\u{3}\u{4}".utf8) + shared + name
        let directory = Array("PK\u{1}\u{2}".utf8) + [20, 3] + shared + [UInt8](repeating: 0, count: 14) + name
        let archive =
            local + directory + Array("PK\u{5}\u{6}".utf8) + [0, 0, 0, 0, 1, 0, 1, 0, UInt8(directory.count), 0, 0, 0]
            + [UInt8(local.count), 0, 0, 0, 0, 0]
        do {
            let entries = try archive.withUnsafeBytes { bytes in
                let zip = ZipArchive(bytes, limits: .standard)
                _ = try zip.extract(0, pieceLength: 1).next()
                return try zip.entries()
            }
            guard entries.map(\.name) == ["ä"] else { throw PictureFault(.damagedArchive, "Its name is another one.") }
        } catch {
            throw Fault(description: "The first archive cannot be read: \(error)")
        }
    }

    /// A text as the server sends it.
    private func encode() throws(Fault) {
        guard jobs.sentences != nil else { return }
        do throws(WorkerProtocolFault) {
            let file = try PictureBytes.sealedFile(Array("A text.".utf8))
            defer { close(file) }
            let reply = try jobs.answer(.encode(id: 1), picture: file)
            if case .failed(_, _, let message) = reply.message { throw WorkerProtocolFault(.malformed, message) }
            _ = try reply.encoded()
        } catch {
            throw Fault(description: "The first text failed: \(error.message)")
        }
    }

    /// The inference library starts its threads as it finds work for them; none can be started later.
    private func startThreads() throws(Fault) {
        let model = jobs.analyser.model
        let pixels = [Float](repeating: 64, count: model.manifest.input.width * model.manifest.input.height)
        var count = lb_thread_count()
        var steady = 0
        for _ in 0..<100 where steady < 10 {
            do throws(ModelFault) { _ = try model.infer(pixels: pixels) } catch {
                throw Fault(description: error.message)
            }
            let now = lb_thread_count()
            steady = now == count ? steady + 1 : 0
            count = now
        }
    }

    /// A PNG and a JPEG.
    private func drawnPictures() throws(Fault) -> [[UInt8]] {
        do {
            let shape = HeadActivation(headID: "", columns: 2, rows: 2, values: [0, 1, 0.5, 1])
            let png = try HeatMap.png(shape, pictureWidth: 512, pictureHeight: 512, longestEdge: 512)
            let decoder = PictureDecoder(limits: .standard)
            let picture = try png.withUnsafeBytes { try decoder.decode($0) }
            return [png, try decoder.preview(picture, longestEdge: 256)]
        } catch {
            throw Fault(description: "A picture drawn for the first analysis cannot be read: \(error)")
        }
    }

    /// One request as the server sends it, up to the bytes of its reply. The reply itself is not sent: nobody reads on the
    /// other end, and it may be larger than what a socket holds.
    private func analyse(_ file: [UInt8]) throws(Fault) {
        do throws(WorkerProtocolFault) {
            let (near, far) = try FrameChannel.pair()
            let server = FrameChannel(taking: near)
            let loop = JobLoop(
                channel: FrameChannel(taking: far), analyser: jobs.analyser, sentences: jobs.sentences,
                texts: jobs.texts)
            let file = try PictureBytes.sealedFile(file)
            defer { close(file) }
            let request = WorkerRequest.analyse(id: 1, limits: .standard, frame: 0, adjustment: .none)
            try server.send(WorkerFrame(request), passing: file)
            let (received, picture) = try loop.channel.receiveWithDescriptor(WorkerRequest.self)
            defer { close(picture) }
            let reply = try loop.answer(received.message, picture: picture)
            if case .failed(_, let code, let message) = reply.message, PictureFault.Code(rawValue: code) == nil {
                throw WorkerProtocolFault(.malformed, message)
            }
            _ = try reply.encoded()
        } catch {
            throw Fault(description: "The first analysis failed: \(error.message)")
        }
    }
}
