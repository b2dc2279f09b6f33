import Hummingbird
import Listener
import Logging
import ServiceLifecycle
import UnixSignals
import WebAPI

/// Takes a renewed certificate: on SIGHUP at once, else within a minute. One that can't be used is told, and the old one
/// stays.
struct CertificateService: Service {
    let certificate: Certificate
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { for await _ in signals { reload(evenIfUnchanged: true) } }
                group.addTask {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: .seconds(60))
                        reload()
                    }
                }
            }
        }
    }

    private func reload(evenIfUnchanged: Bool = false) {
        do throws(CertificateFault) {
            guard try certificate.reload(evenIfUnchanged: evenIfUnchanged) else { return }
            logger.notice("the certificate was read again")
        } catch {
            logger.error("the certificate was not replaced", metadata: ["error": "\(error)"])
        }
    }
}

extension Server {
    static func certificate(_ configuration: Configuration) throws -> Certificate? {
        switch (configuration.tlsCertificate, configuration.tlsKey) {
        case (nil, nil): return nil
        case (let chain?, let key?):
            do throws(CertificateFault) {
                return try Certificate(chain: chain, key: key)
            } catch {
                throw Exit(.unavailable, error.description)
            }
        default: throw Exit(.unavailable, "tls.certificate and tls.key belong together: set both, or neither.")
        }
    }

    /// What runs beside a listener with TLS.
    static func overTLS(
        _ certificate: Certificate, _ configuration: Configuration, _ limits: ListenerLimits, _ logger: Logger
    ) -> [any Service] {
        var services: [any Service] = [CertificateService(certificate: certificate, logger: logger)]
        if let port = configuration.redirectPort {
            services.append(
                Application(
                    responder: RedirectToHTTPS(hosts: configuration.httpHosts, port: configuration.httpPort),
                    server: .guarded(
                        limits, register: ConnectionRegister(limits, of: "redirect"), answer: WebAPI.answer),
                    configuration: .init(address: .hostname(configuration.httpHost, port: port)),
                    logger: Logger(label: "lightbox.redirect")))
        }
        return services
    }
}
