import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node for tests, in the folder that is given and on a free port of the loopback.
 *
 * It says its address when it answers, and closes when its standard input does: whoever started it cannot leave it behind.
 */
final class OneNode extends Node {
    private OneNode(Settings settings, List<Class<? extends Plugin>> modules) {
        super(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "one"), modules, true);
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err); // where log4j writes, once it is loaded
        Settings settings = Settings.builder()
            .put("path.home", arguments[0])
            .put("cluster.name", "undying-test")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", "0")
            .put("transport.port", "0")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
        try (OneNode node = new OneNode(settings, List.of(Netty4Plugin.class))) {
            node.start();
            answers.println("http://" + node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress());
            answers.flush();
            while (System.in.read() != -1) {
                // nothing is said to it
            }
        }
    }
}
