import Foundation

extension ReportDocumentsTests {
    /// A grey gradient of 16 by 12 pixels.
    static let tinyJPEG = [UInt8](
        Data(
            base64Encoded: """
                /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j\
                q62rZ4C8ybqmx5moq6T/wAALCAAMABABAREA/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQG/8QAGRAAAQUAAAAAAAAAAAAAAAAAAAMU\
                FVJi/9oACAEBAAA/AIozIjMmrbp1DdOp/9k=
                """) ?? Data())
}
