import Domain
import ImageDecoding
import TextReading
import WorkerProtocol

extension JobLoop {
    /// Letters in the pixels of a frame.
    func readText(
        _ id: UInt64, _ descriptor: Int32, _ limits: PictureLimits, frame: Int
    ) throws(Analyser.Fault) -> WorkerFrame<WorkerReply> {
        guard let texts else {
            return WorkerFrame(
                .failed(
                    id: id, code: WorkerFailure.noTextReader.rawValue,
                    message: "This worker was started without the data for reading letters."))
        }
        let started = ContinuousClock.now
        let file = try open(descriptor, limits)
        let picture: DecodedPicture
        do throws(PictureFault) {
            picture = try file.withBytes { (bytes) throws(PictureFault) in
                try PictureDecoder(limits: limits).decode(bytes, frame: frame)
            }
        } catch {
            throw .picture(error)
        }
        let size = TextReader.searchedSize(width: picture.width, height: picture.height)
        let grey = Resize.triangle(
            picture.grey, width: picture.width, height: picture.height, toWidth: size.width, toHeight: size.height,
            fit: .stretch)
        guard var text = texts.read(grey, width: size.width, height: size.height) else {
            return WorkerFrame(
                .failed(
                    id: id, code: WorkerFailure.internal.rawValue,
                    message: "The search for letters did not come to its end."))
        }
        text.milliseconds = started.duration(to: .now) / .milliseconds(1)
        return WorkerFrame(.textRead(id: id, text: text))
    }
}
