package dev.reprise;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Objects;

/**
 * Names the type that a value is decoded into. For a type with parameters make a subclass on the
 * spot: {@code new ValueType<List<Track>>() {}}.
 *
 * @param <T> the type
 */
public abstract class ValueType<T> {
  /**
   * Whatever the content type stands for: of JSON maps, lists, strings, numbers, booleans and null;
   * else bytes.
   */
  public static final ValueType<Object> OBJECT = of(Object.class);

  /**
   * Bytes. What was stored with a content type that no codec knows comes as it is; {@code
   * application/octet-stream} too.
   */
  public static final ValueType<byte[]> BYTES = of(byte[].class);

  /** The bytes as they were stored, whatever their content type: nothing is decoded. */
  public static final ValueType<byte[]> STORED_BYTES = new Known<>(byte[].class);

  private final Type type;

  /** Takes the type from the subclass's declaration. */
  protected ValueType() {
    Type parent = getClass().getGenericSuperclass();
    if (!(parent instanceof ParameterizedType parameterized)) {
      throw new IllegalArgumentException(
          "A ValueType needs its parameter: new ValueType<List<Track>>() {}");
    }
    this.type = parameterized.getActualTypeArguments()[0];
  }

  private ValueType(Type type) {
    this.type = Objects.requireNonNull(type, "type");
  }

  /**
   * Names a class.
   *
   * @param <T> the type
   * @param type the class
   * @return the class as a value type
   */
  public static <T> ValueType<T> of(Class<T> type) {
    return new Known<>(type);
  }

  /**
   * Returns the type.
   *
   * @return the type with its parameters
   */
  public final Type type() {
    return type;
  }

  @Override
  public final boolean equals(Object other) {
    if (this == STORED_BYTES || other == STORED_BYTES) return this == other;
    return other instanceof ValueType<?> that && that.type.equals(type);
  }

  @Override
  public final int hashCode() {
    return type.hashCode();
  }

  @Override
  public final String toString() {
    return type.getTypeName();
  }

  private static final class Known<T> extends ValueType<T> {
    Known(Class<T> type) {
      super((Type) type);
    }
  }
}
