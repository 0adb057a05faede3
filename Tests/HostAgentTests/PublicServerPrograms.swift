// SPDX-License-Identifier: Apache-2.0

extension LiveTests.PublicServerTests {
    static func nginx(_ folder: String) -> String {
        """
        daemon off;
        master_process off;
        pid \(folder)/nginx.pid;
        events { worker_connections 64; }
        http {
            access_log off;
            client_body_temp_path \(folder)/body;
            proxy_temp_path \(folder)/proxy;
            fastcgi_temp_path \(folder)/fastcgi;
            uwsgi_temp_path \(folder)/uwsgi;
            scgi_temp_path \(folder)/scgi;
            server {
                listen 10.0.2.2:1234;
                keepalive_requests 1000;
                location / { return 200 "an answer of some length\\n"; }
            }
        }
        """
    }

    /// Waits for the server, then for complete responses: each has one length.
    private static let connecting = """
        import socket, sys, time
        def connect():
            for attempt in range(200):
                try:
                    connection = socket.create_connection(("10.0.2.2", 1234), timeout=5)
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    return connection
                except OSError:
                    time.sleep(0.05)
            sys.exit("no server")
        def response(reader):
            status = reader.readline()
            if not status.startswith(b"HTTP/1.1 200"):
                sys.exit("answered " + repr(status))
            length = 0
            while True:
                line = reader.readline().strip().lower()
                if not line:
                    break
                if line.startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if len(reader.read(length)) != length:
                sys.exit("cut off")
        request = b"GET / HTTP/1.1\\r\\nHost: server\\r\\n\\r\\n"

        """

    static let pipelining =
        connecting + """
            connection = connect()
            reader = connection.makefile("rb")
            for number in range(20):
                connection.sendall(request)
                response(reader)
            for burst in range(10):
                for number in range(5):
                    connection.sendall(request)
                for number in range(5):
                    response(reader)

            """

    static let sequential =
        connecting + """
            for session in range(3):
                connection = connect()
                reader = connection.makefile("rb")
                for number in range(20):
                    connection.sendall(request)
                    response(reader)
                    time.sleep(0.002)
                connection.close()

            """

    /// Header and body are two sends: two segments. The server does not ask the resolver for its own name.
    static let pythonHTTP = """
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        import socketserver
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "4")
                self.end_headers()
                self.wfile.write(b"body")
            def log_message(self, *arguments):
                pass
        class Server(ThreadingHTTPServer):
            def server_bind(self):
                socketserver.TCPServer.server_bind(self)
        Server(("10.0.2.2", 1234), Handler).serve_forever()

        """

    static let grpcServer = """
        from concurrent import futures
        import grpc, time
        class Generic(grpc.GenericRpcHandler):
            def service(self, details):
                def answer(request, context):
                    time.sleep(int(request[:1]) / 1000)
                    return b"answer to " + request
                return grpc.unary_unary_rpc_method_handler(answer)
        server = grpc.server(futures.ThreadPoolExecutor(8))
        server.add_generic_rpc_handlers((Generic(),))
        server.add_insecure_port("10.0.2.2:1234")
        server.start()
        server.wait_for_termination()

        """

    static let grpcClient = """
        from concurrent import futures
        import grpc, sys, time
        channel = grpc.insecure_channel("10.0.2.2:1234")
        grpc.channel_ready_future(channel).result(timeout=20)
        call = channel.unary_unary("/test/call")
        def ask(number):
            request = b"%d of %d" % (number % 4, number)
            if call(request, timeout=10) != b"answer to " + request:
                sys.exit("a wrong answer")
        for number in range(50):
            ask(number)
            time.sleep(0.003)
        with futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(ask, range(200)))

        """
}
