import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** The same as read_values.py for jhdf: java ReadValues.java FILE PATH... prints a line for each: path, tab, shape and digest or the error. */
class ReadValues {
    public static void main(String[] words) {
        try (HdfFile file = new HdfFile(Path.of(words[0]))) {
            for (String path : Arrays.copyOfRange(words, 1, words.length)) System.out.println(path + "\t" + tell(file, path));
        }
    }

    private static String tell(HdfFile file, String path) {
        try {
            Dataset dataset = file.getDatasetByPath(path);
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            add(hash, dataset.getData());
            return Arrays.toString(dataset.getDimensions()).replace(" ", "") + "\t" + HexFormat.of().formatHex(hash.digest());
        } catch (Exception error) {
            return "error\t" + String.valueOf(error).replaceAll("\\s+", " ");
        }
    }

    private static void add(MessageDigest hash, Object values) {
        for (int index = 0; index < Array.getLength(values); index++) {
            Object value = Array.get(values, index);
            if (value.getClass().isArray()) add(hash, value);
            else hash.update(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(((Number) value).doubleValue()).array());
        }
    }
}
