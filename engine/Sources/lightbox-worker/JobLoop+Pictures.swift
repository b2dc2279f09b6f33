import Domain
import ImageDecoding
import WorkerProtocol

/// Requests that are answered with the picture itself: as a header, as previews, with all its bits.
extension JobLoop {
    /// A decoder that lets go of the parts of a mapped file that it has read.
    func decoder(of file: PictureBytes, _ limits: PictureLimits) -> PictureDecoder {
        PictureDecoder(limits: limits, relieve: { file.release() })
    }

    /// Decodes to the end, so that a damaged file is found now and not in the analysis.
    func inspect(
        _ id: UInt64, _ file: PictureBytes, _ limits: PictureLimits, _ edges: [Int]
    ) throws(Analyser.Fault) -> WorkerFrame<WorkerReply> {
        var distinct: [Int] = []
        for edge in edges.map({ max(1, $0) }) where !distinct.contains(edge) { distinct.append(edge) }
        let picture = try read(file, limits, PictureOrder(previewEdges: distinct))
        return WorkerFrame(
            .inspected(id: id, inspection: picture.inspection),
            attachments: picture.previews.map { edge, jpeg in
                WorkerAttachment(name: WorkerAttachment.preview(edge), bytes: jpeg)
            })
    }

    func render(
        _ id: UInt64, _ file: PictureBytes, _ limits: PictureLimits, _ order: PictureOrder
    ) throws(Analyser.Fault) -> WorkerFrame<WorkerReply> {
        let picture = try read(file, limits, order)
        return WorkerFrame(
            .rendered(id: id),
            attachments: picture.previews.map { WorkerAttachment(name: WorkerAttachment.preview, bytes: $0.jpeg) })
    }

    /// Where a score came from.
    func draw(
        _ id: UInt64, _ activation: HeadActivation, width: Int, height: Int, longestEdge: Int
    ) throws(Analyser.Fault) -> WorkerFrame<WorkerReply> {
        do throws(PictureFault) {
            let png = try HeatMap.png(
                activation, pictureWidth: width, pictureHeight: height, longestEdge: longestEdge)
            return WorkerFrame(
                .drawn(id: id), attachments: [WorkerAttachment(name: WorkerAttachment.heatMap, bytes: png)])
        } catch {
            throw .picture(error)
        }
    }

    func sample(
        _ id: UInt64, _ file: PictureBytes, _ limits: PictureLimits, _ frame: Int
    ) throws(Analyser.Fault) -> WorkerFrame<WorkerReply> {
        var undelivered: WorkerProtocolFault?
        let isWhole: Bool
        do throws(PictureFault) {
            isWhole = try file.withBytes { bytes throws(PictureFault) in
                try decoder(of: file, limits).samples(bytes, frame: frame) { piece in
                    do throws(WorkerProtocolFault) { try sendPiece(piece, of: id) } catch { undelivered = error }
                    return undelivered == nil
                }
            }
        } catch {
            throw .picture(error)
        }
        if let undelivered { throw .connection(undelivered) }
        guard isWhole else {
            return Self.failure(id, .internal, "There is not enough memory to compress this picture.")
        }
        return WorkerFrame(.sampled(id: id))
    }

    /// Sends a part of a long answer.
    func sendPiece(_ bytes: [UInt8], of id: UInt64) throws(WorkerProtocolFault) {
        try channel.send(
            WorkerFrame(
                WorkerReply.piece(id: id), attachments: [WorkerAttachment(name: WorkerAttachment.piece, bytes: bytes)]))
    }

    private func read(
        _ file: PictureBytes, _ limits: PictureLimits, _ order: PictureOrder
    ) throws(Analyser.Fault) -> ReadPicture {
        do throws(PictureFault) {
            return try file.withBytes { bytes throws(PictureFault) in try decoder(of: file, limits).read(bytes, order) }
        } catch {
            throw .picture(error)
        }
    }
}
