package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values into bytes and back; what has no such form is refused. */
class CodecTest {
  private final Codecs codecs = new Codecs(List.of());

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private <T> T decode(String contentType, String text, ValueType<T> type) {
    return codecs.decode(ByteString.copyFromUtf8(text), contentType, type);
  }

  @Test
  void jsonIsWrittenWithoutSpaces() {
    assertArrayEquals(
        bytes("{\"a\":[1,\"ü\",null]}"),
        JsonCodec.INSTANCE.encode(Map.of("a", Arrays.asList(1, "ü", null))));
    assertArrayEquals(bytes("[1.5,2.0]"), JsonCodec.INSTANCE.encode(new double[] {1.5, 2}));
  }

  @Test
  void whatJsonCanNotHoldIsRefused() {
    List<Object> unfit =
        List.of(
            Double.NaN,
            Float.POSITIVE_INFINITY,
            new double[] {1, Double.NaN},
            new float[] {Float.NaN},
            bytes("a"),
            Map.of("a", bytes("a")),
            new Object());
    for (Object value : unfit) {
      assertThrows(
          CodecException.class,
          () -> JsonCodec.INSTANCE.encode(value),
          value.getClass().toString());
    }
  }

  @Test
  void whatIsNoJsonIsRefusedAndNotQuoted() {
    for (String text : List.of("{\"secret\":", "", "1 2", "{'secret':1}")) {
      CodecException error =
          assertThrows(
              CodecException.class, () -> decode("application/json", text, ValueType.OBJECT));
      assertTrue(!error.getMessage().contains("secret"), error.getMessage());
    }
    assertThrows(
        CodecException.class,
        () -> decode("application/json", "\"text\"", ValueType.of(Integer.class)));
  }

  @Test
  void msgpackComesBackWithBytes() {
    Map<String, Object> value = Map.of("n", 1, "list", List.of(true, "x"), "bytes", bytes("a"));
    byte[] encoded = MsgpackCodec.INSTANCE.encode(value);
    Map<?, ?> decoded = (Map<?, ?>) MsgpackCodec.INSTANCE.decode(encoded, ValueType.OBJECT);
    assertEquals(List.of(true, "x"), decoded.get("list"));
    assertArrayEquals(bytes("a"), (byte[]) decoded.get("bytes"));
  }

  @Test
  void whatIsNoMsgpackIsRefused() {
    for (byte[] broken :
        List.of(
            new byte[] {(byte) 0xc1},
            new byte[] {(byte) 0x92, 1},
            new byte[] {1, 2},
            new byte[0])) {
      assertThrows(
          CodecException.class, () -> MsgpackCodec.INSTANCE.decode(broken, ValueType.OBJECT));
    }
  }

  @Test
  void rawTakesBytesAlone() {
    assertArrayEquals(bytes("a"), RawCodec.INSTANCE.encode(bytes("a")));
    assertThrows(CodecException.class, () -> RawCodec.INSTANCE.encode("a"));
    assertThrows(
        CodecException.class,
        () -> RawCodec.INSTANCE.decode(bytes("a"), ValueType.of(String.class)));
  }

  @Test
  void aContentTypeIsKnownWithItsParametersToo() {
    assertEquals(1, decode("Application/JSON; charset=utf-8", "1", ValueType.OBJECT));
  }

  @Test
  void anUnknownContentTypeIsBytesToWhomAsksForThem() {
    assertThrows(CodecException.class, () -> decode("text/x-unheard", "abc", ValueType.OBJECT));
    assertThrows(CodecException.class, () -> decode("", "abc", ValueType.of(String.class)));
    assertArrayEquals(bytes("abc"), decode("text/x-unheard", "abc", ValueType.BYTES));
    assertArrayEquals(bytes("{}"), decode("application/json", "{}", ValueType.STORED_BYTES));
  }

  @Test
  void aCounterIsANumberOrTextToWhomAsksForThem() {
    assertEquals(-42L, decode("text/plain", "-42", ValueType.of(Long.class)));
    assertEquals("-42", decode("text/plain", "-42", ValueType.of(String.class)));
    assertThrows(CodecException.class, () -> decode("text/plain", "x", ValueType.of(Long.class)));
    assertThrows(CodecException.class, () -> decode("text/plain", "-42", ValueType.OBJECT));
  }

  @Test
  void anApplicationsOwnCodecWins() {
    Codecs own = new Codecs(List.of(JsonCodec.of(new ObjectMapper().findAndRegisterModules())));
    assertEquals(1, own.decode(ByteString.copyFromUtf8("1"), "application/json", ValueType.OBJECT));
  }

  @Test
  void valueTypesAreComparedByWhatTheyName() {
    assertEquals(new ValueType<List<String>>() {}, new ValueType<List<String>>() {});
    assertNotEquals(new ValueType<List<String>>() {}, new ValueType<List<Integer>>() {});
    assertNotEquals(ValueType.BYTES, ValueType.STORED_BYTES);
    assertEquals(ValueType.BYTES, ValueType.of(byte[].class));
  }
}
