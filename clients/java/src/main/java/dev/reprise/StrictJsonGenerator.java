package dev.reprise;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import java.io.InputStream;

/**
 * Refuses what Jackson would otherwise write as text that stands for it: NaN, the infinities and
 * bytes.
 */
final class StrictJsonGenerator extends JsonGeneratorDelegate {
  StrictJsonGenerator(JsonGenerator target) {
    super(target, false);
  }

  @Override
  public void writeNumber(double number) throws IOException {
    if (!Double.isFinite(number)) throw refused("a number that is not finite");
    super.writeNumber(number);
  }

  @Override
  public void writeNumber(float number) throws IOException {
    if (!Float.isFinite(number)) throw refused("a number that is not finite");
    super.writeNumber(number);
  }

  @Override
  public void writeArray(double[] numbers, int offset, int length) throws IOException {
    writeStartArray(numbers, length);
    for (int i = offset; i < offset + length; i++) writeNumber(numbers[i]);
    writeEndArray();
  }

  @Override
  public void writeBinary(Base64Variant variant, byte[] bytes, int offset, int length)
      throws IOException {
    throw refused("bytes");
  }

  @Override
  public int writeBinary(Base64Variant variant, InputStream bytes, int length) throws IOException {
    throw refused("bytes");
  }

  private IOException refused(String what) {
    return new JsonGenerationException("JSON has no " + what, this);
  }
}
