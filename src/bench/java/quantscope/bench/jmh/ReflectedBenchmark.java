package quantscope.bench.jmh;

import java.lang.annotation.Annotation;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.generators.core.ClassInfo;
import org.openjdk.jmh.generators.core.FieldInfo;
import org.openjdk.jmh.generators.core.GeneratorSource;
import org.openjdk.jmh.generators.core.MethodInfo;
import org.openjdk.jmh.generators.core.ParameterInfo;

/** A loaded benchmark as JMH's generator wants to see it. */
record ReflectedBenchmark(Class<?> benchmark) implements GeneratorSource {

    @Override
    public Collection<ClassInfo> getClasses() {
        return List.of(new Type(benchmark));
    }

    @Override
    public ClassInfo resolveClass(String className) {
        try {
            return new Type(Class.forName(className));
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(className, e);
        }
    }

    private static ClassInfo info(Class<?> type) {
        return type == null ? null : new Type(type);
    }

    private record Type(Class<?> type) implements ClassInfo {

        @Override
        public String getPackageName() {
            return type.getPackageName();
        }

        @Override
        public String getQualifiedName() {
            return type.getCanonicalName();
        }

        @Override
        public String getName() {
            return type.getSimpleName();
        }

        @Override
        public ClassInfo getSuperClass() {
            return info(type.getSuperclass());
        }

        @Override
        public ClassInfo getDeclaringClass() {
            return info(type.getDeclaringClass());
        }

        @Override
        public Collection<FieldInfo> getFields() {
            return Arrays.stream(type.getDeclaredFields()).<FieldInfo>map(Member::new).toList();
        }

        @Override
        public Collection<MethodInfo> getMethods() {
            return Arrays.stream(type.getDeclaredMethods()).<MethodInfo>map(Callable::new).toList();
        }

        @Override
        public Collection<MethodInfo> getConstructors() {
            return Arrays.stream(type.getDeclaredConstructors()).<MethodInfo>map(Callable::new).toList();
        }

        @Override
        public <T extends Annotation> T getAnnotation(Class<T> annotation) {
            return type.getAnnotation(annotation);
        }

        @Override
        public boolean isAbstract() {
            return Modifier.isAbstract(type.getModifiers());
        }

        @Override
        public boolean isPublic() {
            return Modifier.isPublic(type.getModifiers());
        }

        @Override
        public boolean isStrictFP() {
            return false;
        }

        @Override
        public boolean isFinal() {
            return Modifier.isFinal(type.getModifiers());
        }

        @Override
        public boolean isInner() {
            return type.isMemberClass() && !Modifier.isStatic(type.getModifiers());
        }

        @Override
        public boolean isEnum() {
            return type.isEnum();
        }

        @Override
        public Collection<String> getEnumConstants() {
            return Arrays.stream(type.getEnumConstants()).map(c -> ((Enum<?>) c).name()).toList();
        }
    }

    private record Member(Field field) implements FieldInfo {

        @Override
        public String getName() {
            return field.getName();
        }

        @Override
        public ClassInfo getType() {
            return info(field.getType());
        }

        @Override
        public ClassInfo getDeclaringClass() {
            return info(field.getDeclaringClass());
        }

        @Override
        public <T extends Annotation> T getAnnotation(Class<T> annotation) {
            return field.getAnnotation(annotation);
        }

        @Override
        public boolean isPublic() {
            return Modifier.isPublic(field.getModifiers());
        }

        @Override
        public boolean isStatic() {
            return Modifier.isStatic(field.getModifiers());
        }

        @Override
        public boolean isFinal() {
            return Modifier.isFinal(field.getModifiers());
        }
    }

    private record Argument(Class<?> type) implements ParameterInfo {

        @Override
        public ClassInfo getType() {
            return info(type);
        }
    }

    private record Callable(Executable executable) implements MethodInfo {

        @Override
        public String getName() {
            return executable.getName();
        }

        @Override
        public String getQualifiedName() {
            return executable.getDeclaringClass().getCanonicalName() + "." + executable.getName();
        }

        @Override
        public String getReturnType() {
            return executable instanceof Method m ? m.getReturnType().getCanonicalName() : getDeclaringClass().getName();
        }

        @Override
        public Collection<ParameterInfo> getParameters() {
            return Arrays.stream(executable.getParameterTypes()).<ParameterInfo>map(Argument::new).toList();
        }

        @Override
        public ClassInfo getDeclaringClass() {
            return info(executable.getDeclaringClass());
        }

        @Override
        public <T extends Annotation> T getAnnotation(Class<T> annotation) {
            return executable.getAnnotation(annotation);
        }

        @Override
        public boolean isPublic() {
            return Modifier.isPublic(executable.getModifiers());
        }

        @Override
        public boolean isAbstract() {
            return Modifier.isAbstract(executable.getModifiers());
        }

        @Override
        public boolean isSynchronized() {
            return Modifier.isSynchronized(executable.getModifiers());
        }

        @Override
        public boolean isStrictFP() {
            return false;
        }

        @Override
        public boolean isStatic() {
            return Modifier.isStatic(executable.getModifiers());
        }

        @Override
        public int compareTo(MethodInfo other) {
            return getQualifiedName().compareTo(other.getQualifiedName());
        }
    }
}
